import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import { encodeMoment, now } from '../../database/values.js';
import { duplicateOf } from '../../database/database-errors.js';
import { forUpdate } from '../../database/locks.js';
import type { Transaction } from '../../database/sql.js';
import type { DataKey, KeyOwner } from './data-key.entity.js';
import type { Keystore } from './keystore.js';

type Stored = Pick<DataKey, 'id' | 'state' | 'wrapped' | 'kek_id'>;

/**
 * Crypto-shredding: every wrapped key of an owner is overwritten and taken away, whatever version and state; a row
 * without a key stays, so that no process makes another. Who never had a key gets such a row.
 *
 * @returns how many of the owner's keys are destroyed, now or before
 * @throws UnavailableError when the keystore is away
 */
export async function destroyKeys(keystore: Keystore, owner: KeyOwner): Promise<number> {
  for (;;)
    try {
      const { keys, fresh } = await keystore.transact(one => destroyAll(one, owner));
      // A key may have been made while these were destroyed; after them none is.
      if (fresh === 0) return keys;
    } catch (error) {
      // Somebody has made the owner's first key meanwhile.
      if (!duplicateOf(error)) throw error;
    }
}

async function destroyAll(
  one: Transaction,
  { kind, id }: KeyOwner,
): Promise<{ keys: number; fresh: number }> {
  // What SQLite frees in its pages it overwrites, too.
  if (one.dialect === 'sqlite') await one.select('PRAGMA secure_delete = ON');
  const rows = await one.select<Stored>(
    `SELECT id, state, wrapped, kek_id FROM data_keys WHERE owner_kind = ? AND owner_id = ?${forUpdate(one.dialect)}`,
    [kind, id],
  );
  const living = rows.filter(({ state, wrapped }) => state !== 'destroyed' || wrapped !== '');
  for (const { id: key_id, wrapped } of living) {
    const noise = randomBytes(wrapped.length).toString('base64url').slice(0, wrapped.length);
    await one.change('UPDATE data_keys SET wrapped = ? WHERE id = ?', [noise, key_id]);
    await one.change("UPDATE data_keys SET state = 'destroyed', wrapped = '' WHERE id = ?", [key_id]);
  }
  if (rows.length === 0)
    await one.change(
      'INSERT INTO data_keys (id, owner_kind, owner_id, version, state, wrapped, kek_id, created_at) ' +
        "VALUES (?, ?, ?, 1, 'destroyed', '', '', ?)",
      [v7(), kind, id, encodeMoment(now())],
    );
  return { keys: rows.filter(one => one.kek_id !== '').length, fresh: living.length };
}
