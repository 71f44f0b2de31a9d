import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';
import { columnType } from '../database/columns.js';
import { indexName } from '../database/ddl.js';
import type { Dialect } from '../database/sql.js';
import type { FieldSpec } from './field.js';
import { allResources, type ResourceSpec, type StoredSpec, storedOf } from './resource.js';
import { tagTable } from './tagging.js';

function columnOf(field: FieldSpec, dialect: Dialect): EntitySchemaColumnOptions {
  return {
    ...(columnType(field.column, dialect) as Pick<EntitySchemaColumnOptions, 'type'>),
    primary: field.primary,
    nullable: field.nullable,
    generated: field.generated ? 'increment' : undefined,
  } as EntitySchemaColumnOptions;
}

/**
 * The declared fields as TypeORM's metadata for one dialect: the data source compares it with the migrated
 * database, so that an entity and its migration cannot drift apart.
 */
export function entitySchema(spec: StoredSpec, dialect: Dialect): EntitySchema {
  const { fields, table } = spec;
  const hasId = spec.byName.get('id')?.primary === true;
  const uniques = [...fields.filter(one => one.unique).map(one => [one.name]), ...spec.unique];
  const filters = fields
    .filter(one => one.index && !one.unique && !one.primary)
    .map(one => (hasId ? [one.name, 'id'] : [one.name]));
  return new EntitySchema({
    name: table,
    target: spec.type,
    tableName: table,
    columns: Object.fromEntries(fields.map(one => [one.name, columnOf(one, dialect)])),
    indices: [
      ...uniques.map(columns => ({ name: `uq_${table}_${columns.join('_')}`, columns, unique: true })),
      ...[...filters, ...spec.indexes].map(columns => ({ name: indexName(table, columns), columns })),
    ],
    foreignKeys: fields.flatMap(one =>
      one.reference
        ? [
            {
              name: `fk_${table}_${one.name}`,
              target: storedOf(one.reference.target()).table,
              columnNames: [one.name],
              referencedColumnNames: ['id'],
              onDelete: one.reference.onDelete,
              onUpdate: 'NO ACTION' as const,
            },
          ]
        : [],
    ),
  });
}

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
