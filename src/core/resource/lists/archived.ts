import type { FieldFault } from '../../context/errors.js';
import type { Clause } from '../../table/clause.js';
import type { ResourceSpec } from '../resource.js';

/** `archived=true|false|any`: which rows of an archivable resource a list has. */
export function archivedClauses(
  { archivable, table }: ResourceSpec,
  text: string | undefined,
  faults: FieldFault[],
): Clause[] {
  if (!archivable) {
    if (text !== undefined)
      faults.push({ field: 'archived', message: 'is not a parameter of this list', rule: 'unknown' });
    return [];
  }
  if (text === 'any') return [];
  if (text !== undefined && text !== 'true' && text !== 'false')
    faults.push({ field: 'archived', message: 'must be one of true, false, any', rule: 'enum' });
  const column = `${table}.archived_at`;
  if (text === 'true') return [{ sql: `${column} IS NOT NULL`, values: [] }];
  // Nearly every row: as a plain IS NULL it would tempt MariaDB to walk the index of archived_at.
  return [{ sql: `(${column} IS NULL) = 1`, values: [] }];
}
