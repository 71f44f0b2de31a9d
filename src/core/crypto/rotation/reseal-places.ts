import type { Row } from '../../database/sql.js';
import type { Units } from '../../database/units.js';
import type { KeyHolder } from '../keystore/data-key.entity.js';
import type { Keystore } from '../keystore/keystore.js';
import { OpeningError } from '../opening-error.js';
import { countSealed, keyIdOf, type SealedPlaces } from '../sealed-places.js';
import { sealedForColumn, sealedFromColumn } from '../sealed-text.js';
import type { Sealer } from '../sealer.js';
import { type KeyScope, ownersIn } from './key-scope.js';

/** Looked at in one statement, and sealed anew in one unit. */
const BATCH = 200;

export interface Resealing {
  /** Called inside of the unit that stores them: whoever changes rows says so on the trail. */
  resealed?: (table: string, count: number) => void;
  /** How many values were looked at, of all. */
  looking?: (done: number, total: number) => void;
}

/** One look at all of them. */
export interface Pass {
  /** How many keys of the scope only open; without any there is nothing to look for. */
  earlierKeys: number;
  /** Under earlier keys, and open. Somebody may have changed one meanwhile: then it is looked at again. */
  old: number;
  resealed: number;
  /** `table id` of those that do not open. */
  failed: string[];
}

interface Tools {
  keystore: Keystore;
  sealer: Sealer;
  units: Units;
}

/** Looks at every sealed value once, and seals those under decrypt-only keys of the scope anew. */
export async function resealPlaces(
  tools: Tools,
  scope: KeyScope,
  places: readonly SealedPlaces[],
  watch: Resealing,
): Promise<Pass> {
  const condition = { condition: 'state = ?', values: ['decrypt_only'] };
  const keys = await ownersIn(tools.keystore, scope, condition);
  const owners = new Map(keys.map(one => [one.id, one.owner]));
  const found: Pass = { earlierKeys: owners.size, old: 0, resealed: 0, failed: [] };
  if (owners.size === 0) return found;
  const total = await countSealed(tools.units.sql);
  let done = 0;
  for (const place of places)
    for (let last: string | undefined = ''; last !== undefined;) {
      const rows = await page(tools.units, place, last);
      const old = rows.filter(row => owners.has(keyIdOf(String(row.sealed)) ?? ''));
      const batch = await resealBatch(tools, place, old, owners, watch);
      found.old += batch.old;
      found.resealed += batch.resealed;
      found.failed.push(...batch.failed);
      watch.looking?.((done += rows.length), total);
      last = rows.length < BATCH ? undefined : String(rows.at(-1)?.id);
    }
  return found;
}

function page(units: Units, { table, column, needs }: SealedPlaces, last: string): Promise<Row[]> {
  const columns = ['id', ...needs, `${column} AS sealed`].join(', ');
  const text = `SELECT ${columns} FROM ${table} WHERE id > ? AND ${column} IS NOT NULL ORDER BY id LIMIT ${BATCH}`;
  return units.sql.select(text, [last]);
}

async function resealBatch(
  { sealer, units }: Tools,
  places: SealedPlaces,
  rows: Row[],
  owners: Map<string, KeyHolder>,
  { resealed }: Resealing,
): Promise<Omit<Pass, 'earlierKeys'>> {
  const anew: { id: string; before: string; after: string }[] = [];
  const failed: string[] = [];
  for (const row of rows) {
    const [id, before] = [String(row.id), String(row.sealed)];
    const owner = owners.get(keyIdOf(before) ?? '') as KeyHolder;
    try {
      const { sealed } = await sealer.reseal(owner, places.place(row), sealedFromColumn(before), null);
      anew.push({ id, before, after: sealedForColumn(sealed) });
    } catch (error) {
      if (!(error instanceof OpeningError)) throw error;
      failed.push(`${places.table} ${id}`);
    }
  }
  if (anew.length === 0) return { old: 0, resealed: 0, failed };
  const text = `UPDATE ${places.table} SET ${places.column} = ? WHERE id = ? AND ${places.column} = ?`;
  const changed = await units.run(async () => {
    let count = 0;
    for (const { id, before, after } of anew) count += await units.sql.change(text, [after, id, before]);
    if (count > 0) resealed?.(places.table, count);
    return count;
  });
  return { old: anew.length, resealed: changed, failed };
}
