import { randomBytes } from 'node:crypto';
import type BetterSqlite from 'better-sqlite3';
import { openBytes, sealBytes } from './aes-gcm.js';
import { KEY_BYTES } from './key-text.js';
import { lengthPrefixed } from './length-prefixed.js';
import { openSqlite } from './sqlite-driver.js';
import { type CompatKey, keyBytes } from './v2.js';

const BUSY_MS = 10_000;
const FIND = 'SELECT wrapped FROM opskeep_user_keys WHERE user_id = ?';
const CREATE = `CREATE TABLE IF NOT EXISTS opskeep_user_keys (
  user_id text PRIMARY KEY NOT NULL, wrapped blob NOT NULL, created_at text NOT NULL)`;
const INSERT = 'INSERT OR IGNORE INTO opskeep_user_keys (user_id, wrapped, created_at) VALUES (?, ?, ?)';

/** What a user's key is bound to. */
export const userKeyData = (userId: string) => lengthPrefixed(['opskeep/user-key', userId]);

function find(database: BetterSqlite.Database, userId: string): Buffer | undefined {
  const table = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'opskeep_user_keys'").get();
  if (!table) return undefined;
  return (database.prepare(FIND).get(userId) as { wrapped: Buffer } | undefined)?.wrapped;
}

/** IMMEDIATE: of several processes one inserts, the others wait for it, and all read back the same row. */
function create(database: BetterSqlite.Database, userId: string, masterKey: Uint8Array): Buffer {
  const insert = database.transaction(() => {
    database.exec(CREATE);
    const wrapped = sealBytes(masterKey, userKeyData(userId), randomBytes(KEY_BYTES));
    database.prepare(INSERT).run(userId, wrapped, new Date().toISOString());
    return find(database, userId);
  });
  const wrapped = insert.immediate();
  if (!wrapped) throw new Error('The user key could not be stored');
  return wrapped;
}

/**
 * The user's key of 32 bytes: made once, kept in the table `opskeep_user_keys` of that SQLite file, wrapped by the
 * master key (AES-256-GCM, bound to the user). Safe between processes; waits up to 10 seconds for the file.
 *
 * @throws Error "Failed to decrypt data" when it was wrapped by another master key
 */
export function getOrCreateUserKey(
  userId: string | number,
  sqlitePath: string,
  masterKey: CompatKey,
): Buffer {
  const id = String(userId);
  const wrapping = keyBytes(masterKey);
  const database = openSqlite(sqlitePath, { timeout: BUSY_MS });
  try {
    const wrapped = find(database, id) ?? create(database, id, wrapping);
    return unwrap(wrapped, id, wrapping);
  } finally {
    database.close();
  }
}

function unwrap(wrapped: Buffer, userId: string, masterKey: Uint8Array): Buffer {
  try {
    return openBytes(masterKey, userKeyData(userId), wrapped);
  } catch (cause) {
    throw new Error('Failed to decrypt data: the user key was wrapped by another master key', { cause });
  }
}
