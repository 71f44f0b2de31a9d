import { ConflictError } from '../context/errors.js';
import { duplicateOf, isForeignKey } from '../database/database-errors.js';
import { uniqueName } from '../database/ddl.js';
import { storedLabel, type StoredSpec } from './stored.js';

/** An error of the database as the ConflictError that it means, which names the field; others as they are. */
export function conflictOf(error: unknown, spec: StoredSpec): unknown {
  const label = storedLabel(spec);
  const duplicate = duplicateOf(error);
  if (duplicate) {
    const columns = duplicate.columns ?? indexColumns(spec, duplicate.index);
    const column = columns.at(-1) ?? 'id';
    const field = spec.byName.get(column)?.keyOf?.field ?? column;
    return new ConflictError(`${label} with this ${field} already exists`, {
      field,
      resource_type: label,
      resource_id: null,
    });
  }
  if (isForeignKey(error))
    return new ConflictError(`${label} is still referenced, or refers to something that is gone`, {
      resource_type: label,
    });
  return error;
}

function indexColumns(spec: StoredSpec, index: string | undefined): string[] {
  if (!index || index === 'PRIMARY') return ['id'];
  const known = [...spec.unique, ...spec.fields.filter(one => one.unique).map(one => [one.name])];
  return known.find(columns => uniqueName(spec.table, columns) === index) ?? [];
}
