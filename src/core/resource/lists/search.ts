import type { FieldFault } from '../../context/errors.js';
import type { Dialect } from '../../database/sql.js';
import type { Clause } from '../../table/clause.js';
import type { ResourceSpec } from '../resource.js';

/** Escapes what LIKE understands, for `ESCAPE '!'`. */
export function likePattern(text: string): string {
  return `%${text.toLowerCase().replace(/[!%_]/g, '!$&')}%`;
}

/** Text in any of the searched fields; a fault where there is none, or the text is too long. */
export function searchClauses(
  spec: ResourceSpec,
  text: string,
  dialect: Dialect,
  faults: FieldFault[],
): Clause[] {
  const fields = spec.fields.filter(one => one.search);
  if (fields.length === 0 || text.length > 200) {
    const message =
      fields.length === 0 ? 'is not a parameter of this list' : 'must have at most 200 characters';
    faults.push({ field: 'q', message, rule: 'q' });
    return [];
  }
  const [contains, value] =
    dialect === 'sqlite'
      ? [(column: string) => `unicode_contains(${column}, ?)`, text.toLowerCase()]
      : [(column: string) => `LOWER(${column}) LIKE ? ESCAPE '!'`, likePattern(text)];
  const sql = fields.map(one => contains(`${spec.table}.${one.name}`)).join(' OR ');
  return [{ sql: `(${sql})`, values: fields.map(() => value) }];
}
