import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';
import { COLUMN_KINDS } from '../database/column-kinds.js';
import { columnType } from '../database/columns.js';
import { indexName, uniqueName } from '../database/ddl.js';
import type { Dialect } from '../database/sql.js';
import type { FieldSpec } from './field-spec.js';
import { type StoredSpec, storedOf } from './stored.js';

function columnOf(field: FieldSpec, dialect: Dialect): EntitySchemaColumnOptions {
  return {
    ...(columnType(field.column, dialect) as Pick<EntitySchemaColumnOptions, 'type'>),
    primary: field.primary,
    nullable: field.nullable,
    default: field.columnDefault,
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
  // TypeORM does not read expressions back: what SQLite orders by one is proved by the plans of the lists.
  const isExpression = ({ column }: FieldSpec) =>
    dialect === 'sqlite' && COLUMN_KINDS[column.kind].sqliteOrder !== undefined;
  const filters = fields
    .filter(one => one.index && !one.unique && !one.primary)
    .map(one => ({
      columns: hasId ? [one.name, 'id'] : [one.name],
      synchronize: isExpression(one) ? (false as const) : undefined,
    }));
  return new EntitySchema({
    name: table,
    target: spec.type,
    tableName: table,
    columns: Object.fromEntries(fields.map(one => [one.name, columnOf(one, dialect)])),
    indices: [
      ...uniques.map(columns => ({ name: uniqueName(table, columns), columns, unique: true })),
      ...[...filters, ...spec.indexes.map(columns => ({ columns }))].map(one => ({
        name: indexName(table, one.columns),
        ...one,
      })),
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
