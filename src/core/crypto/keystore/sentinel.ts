import { WrongMasterKeyError } from '../master-key/boot-errors.js';
import type { Keystore } from './keystore.js';
import type { MasterKey } from '../master-key/master-key.js';
import type { MasterKeys } from '../master-key/master-key-set.js';

export const SENTINEL = 'sentinel';
const CONTEXT = ['opskeep/sentinel'];

/** `<kek_id>.<wrapped text>`: whoever opens it holds the key that wraps what is new. */
function makeSentinel(key: MasterKey): string {
  return `${key.id}.${key.wrap(CONTEXT, Buffer.from('opskeep'))}`;
}

/** The id of the master key that wraps what is new; undefined while the keystore was never used. */
export async function wrappingKekId(keystore: Keystore): Promise<string | undefined> {
  return (await keystore.fact(SENTINEL))?.split('.')[0];
}

/**
 * From now on this key wraps what is new. Waits for those who are just wrapping by the one before: what they make is
 * there afterwards.
 */
export async function moveSentinel(keystore: Keystore, key: MasterKey): Promise<void> {
  if ((await wrappingKekId(keystore)) === key.id) return;
  await keystore.change('UPDATE keystore_facts SET value = ? WHERE name = ?', [makeSentinel(key), SENTINEL]);
}

function opens(sentinel: string, keys: MasterKeys): boolean {
  const [id = '', wrapped = ''] = sentinel.split('.');
  try {
    return keys.find(id)?.unwrap(CONTEXT, wrapped).toString() === 'opskeep';
  } catch {
    return false;
  }
}

/**
 * Whether the master keys fit the keystore: the sentinel opens, and every key that wraps something is at hand. A
 * keystore that is new gets its sentinel.
 *
 * @throws WrongMasterKeyError otherwise, with the ids that are known
 */
export async function checkSentinel(keystore: Keystore, keys: MasterKeys): Promise<void> {
  // Read before the sentinel: another server that starts now writes its sentinel first and its keys after.
  const wrapping = await keystore.select<{ kek_id: string }>(
    "SELECT DISTINCT kek_id FROM data_keys WHERE state <> 'destroyed' ORDER BY kek_id",
  );
  const ids = wrapping.map(row => row.kek_id);
  let sentinel = await keystore.fact(SENTINEL);
  if (sentinel === undefined) {
    if (ids.length > 0) throw new WrongMasterKeyError([...ids, '(the sentinel is missing)'], keys.ids);
    sentinel = await keystore.establish(SENTINEL, makeSentinel(keys.current));
  }
  const known = [...new Set([sentinel.split('.')[0] ?? '', ...ids])];
  if (!opens(sentinel, keys) || known.some(id => !keys.find(id)))
    throw new WrongMasterKeyError(known, keys.ids);
}
