import { FormatError } from '../../formats/format-error.js';
import { parseSealed, type Place } from '../../formats/sealed-value.js';
import type { Row, Sql } from '../database/sql.js';
import type { KeyOwner } from './keystore/data-key.entity.js';
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
  /** Whose key must have sealed a value, and the expressions that this needs: known where that is told by another row. */
  owner?: { needs: string[]; of: (row: Row) => KeyOwner | undefined };
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
  /** Of the key that it names; undefined when it is not v3. */
  keyId: string | undefined;
  /** Whether it is v3 at all. */
  isSealed: boolean;
}

export interface OpenedPlaces {
  total: number;
  unopened: Unopened[];
  /** How many each key has sealed, by its id. */
  byKey: Map<string, number>;
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
): Promise<OpenedPlaces> {
  const { table, column, needs, owner } = places;
  const columns = ['id', ...needs, ...(owner?.needs ?? []), `${column} AS sealed`].join(', ');
  const found: OpenedPlaces = { total: 0, unopened: [], byKey: new Map() };
  for (let id = ''; ;) {
    const rows = await sql.select(
      `SELECT ${columns} FROM ${table} WHERE id > ? AND ${column} IS NOT NULL ORDER BY id LIMIT ${BATCH}`,
      [id],
    );
    for (const row of rows) {
      const sealed = String(row.sealed);
      const keyId = keyIdOf(sealed);
      if (keyId !== undefined) found.byKey.set(keyId, (found.byKey.get(keyId) ?? 0) + 1);
      if (!(await opens(opener, places.place(row), sealed, owner?.of(row))))
        found.unopened.push({ table, id: String(row.id), keyId, isSealed: keyId !== undefined });
    }
    found.total += rows.length;
    progress(found.total);
    if (rows.length < BATCH) return found;
    id = String(rows.at(-1)?.id);
  }
}

/** How many sealed values there are in all places. */
export async function countSealed(sql: Sql): Promise<number> {
  let total = 0;
  for (const { table, column } of PLACES) {
    const [count] = await sql.select<{ total: number }>(`SELECT COUNT(${column}) AS total FROM ${table}`);
    total += Number(count?.total);
  }
  return total;
}

/** The same of all places. */
export async function openAll(
  sql: Sql,
  opener: Opener,
  progress: { at: (done: number, total: number) => void },
): Promise<Omit<OpenedPlaces, 'byKey'>> {
  const total = await countSealed(sql);
  const found = { total: 0, unopened: [] as Unopened[] };
  for (const places of PLACES) {
    const one = await openEvery(sql, opener, places, done => progress.at(found.total + done, total));
    found.total += one.total;
    found.unopened.push(...one.unopened);
  }
  return found;
}

/** The id of the key that has sealed a value; undefined for what is no sealed value. */
export function keyIdOf(sealed: string): string | undefined {
  try {
    return parseSealed(sealed).key.id;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

async function opens(
  opener: Opener,
  place: Place,
  sealed: string,
  owner: KeyOwner | undefined,
): Promise<boolean> {
  try {
    await opener.open(place, sealedFromColumn(sealed), owner);
    return true;
  } catch (error) {
    if (error instanceof OpeningError) return false;
    throw error;
  }
}
