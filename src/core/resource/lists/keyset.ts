import { ValidationError } from '../../context/errors.js';
import { COLUMN_KINDS } from '../../database/column-kinds.js';
import type { ColumnKind } from '../../database/columns.js';
import type { SqlValue } from '../../database/sql.js';
import type { Clause } from '../../table/clause.js';

/** What a list that is no resource's is ordered by, ascending: expressions that are never null; the last one is unique. */
export type OrderKey = readonly [sql: string, kind: ColumnKind];

/** The most items of an answer that goes on behind a place. */
export const MOST_PLACES = 500;

/** Where a page ended, as the database stores it. */
type Place = (string | number)[];

/** Opaque text for `next`: base64url of JSON. */
export function placeText(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** The rows behind the place that a `cursor` names; every row without one. 422 for what no page has said. */
export function behindPlace(keys: readonly OrderKey[], cursor: string | string[] | undefined): Clause[] {
  if (cursor === undefined) return [];
  const place = typeof cursor === 'string' && cursor.length <= 1000 ? readPlace(cursor) : undefined;
  const isPlace =
    place?.length === keys.length && keys.every(([, kind], at) => COLUMN_KINDS[kind].isStored(place[at]));
  if (!isPlace) throw ValidationError.of('cursor', 'is not a cursor of this list', 'cursor');
  const columns = keys.map(([sql]) => sql).join(', ');
  return [{ sql: `(${columns}) > (${keys.map(() => '?').join(', ')})`, values: place as SqlValue[] }];
}

function readPlace(text: string): unknown[] | undefined {
  try {
    const place: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return Array.isArray(place) ? place : undefined;
  } catch {
    return undefined;
  }
}
