import type { Place } from '../../formats/sealed-value.js';
import type { Row, Sql } from '../database/sql.js';
import type { Opener } from './opener.js';
import { OpeningError } from './opening-error.js';
import { sealedFromColumn } from './sealed-text.js';

/** A column that holds sealed values, told by whoever writes them: so each can be opened, or sealed anew. */
export interface SealedPlaces {
  /** A table with a primary key `id`. */
  table: string;
  column: string;
  /** Columns that `place` needs, beside the id. */
  needs: string[];
  place: (row: Row) => Place;
}

const PLACES: SealedPlaces[] = [];

export function sealsIn(places: SealedPlaces): void {
  PLACES.push(places);
}

export function allSealedPlaces(): readonly SealedPlaces[] {
  return PLACES;
}

/** A value that does not open. */
export interface Unopened {
  table: string;
  id: string;
  sealed: string;
}

const BATCH = 500;

/**
 * Opens every sealed value of a place and forgets it again. Reads in pieces, in order of the id.
 *
 * @returns how many there are, and those that do not open
 * @throws UnavailableError when the keystore is away
 */
export async function openEvery(
  sql: Sql,
  opener: Opener,
  places: SealedPlaces,
  progress: (done: number) => void = () => undefined,
): Promise<{ total: number; unopened: Unopened[] }> {
  const { table, column, needs } = places;
  const columns = ['id', ...needs, `${column} AS sealed`].join(', ');
  const found = { total: 0, unopened: [] as Unopened[] };
  for (let id = ''; ;) {
    const rows = await sql.select(
      `SELECT ${columns} FROM ${table} WHERE id > ? AND ${column} IS NOT NULL ORDER BY id LIMIT ${BATCH}`,
      [id],
    );
    for (const row of rows) {
      const sealed = String(row.sealed);
      if (!(await opens(opener, places.place(row), sealed)))
        found.unopened.push({ table, id: String(row.id), sealed });
    }
    found.total += rows.length;
    progress(found.total);
    if (rows.length < BATCH) return found;
    id = String(rows.at(-1)?.id);
  }
}

async function opens(opener: Opener, place: Place, sealed: string): Promise<boolean> {
  try {
    await opener.open(place, sealedFromColumn(sealed));
    return true;
  } catch (error) {
    if (error instanceof OpeningError) return false;
    throw error;
  }
}
