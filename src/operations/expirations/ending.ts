import type { Dialect, Row } from '../../core/database/sql.js';
import { DAY_MS, decodeMoment } from '../../core/database/values.js';
import type { Source } from './sources.js';

/** What is said of a row that ends, in lists and in reminders. */
export interface Ending {
  at: string;
  /** Whole days from now, or from today (UTC) where a day ends it; negative when it is over. */
  days_left: number;
  /** Of the row, and behind a colon what its source calls it beside. */
  name: string | null;
}

/** The columns of a source, as `endingOf` reads them. */
export function endingColumns({ spec, key, label, at }: Source, dialect: Dialect): string {
  const client = spec.byName.has('client_id') ? `${spec.table}.client_id` : 'NULL';
  return `${key} AS own_key, ${spec.table}.id AS id, ${at(dialect)} AS at, ${client} AS client_id, ${label} AS label`;
}

/** @param name of the row itself */
export function endingOf({ isDay = false }: Source, row: Row, name: string | null, now: number): Ending {
  const since = isDay ? Math.floor(now / DAY_MS) * DAY_MS : now;
  const at = decodeMoment(String(row.at));
  return {
    at,
    days_left: Math.floor((Date.parse(at) - since) / DAY_MS),
    name: typeof row.label === 'string' ? [name, row.label].filter(Boolean).join(': ') : name,
  };
}
