import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';
import { columnType } from '../../database/columns.js';
import { indexName } from '../../database/ddl.js';
import type { Dialect } from '../../database/sql.js';
import { allResources, type ResourceSpec } from '../resource.js';
import { tagTable } from './tagging.js';

/** The junction tables of all taggable resources, which no class stands for. */
export function tagSchemas(dialect: Dialect): EntitySchema[] {
  return allResources()
    .filter(one => one.taggable)
    .map(spec => tagSchema(spec, dialect));
}

function tagSchema(spec: ResourceSpec, dialect: Dialect): EntitySchema {
  const table = tagTable(spec);
  const column = { ...columnType({ kind: 'uuid' }, dialect), primary: true } as EntitySchemaColumnOptions;
  const key = (name: string, target: string) => ({
    name: `fk_${table}_${name}`,
    target,
    columnNames: [name],
    referencedColumnNames: ['id'],
    onDelete: 'CASCADE' as const,
    onUpdate: 'NO ACTION' as const,
  });
  const row = `${spec.name}_id`;
  return new EntitySchema({
    name: table,
    tableName: table,
    columns: { [row]: { ...column }, tag_id: { ...column } },
    indices: [{ name: indexName(table, ['tag_id']), columns: ['tag_id'] }],
    foreignKeys: [key(row, spec.table), key('tag_id', 'tags')],
  });
}
