import { setTimeout as sleep } from 'node:timers/promises';
import { ConflictError } from '../../context/errors.js';
import type { Keystore } from '../keystore/keystore.js';
import { liveProcesses, type LiveProcess, type Presence } from '../keystore/presence.js';
import { moveSentinel, wrappingKekId } from '../keystore/sentinel.js';
import type { MasterKey } from '../master-key/master-key.js';
import type { MasterKeys } from '../master-key/master-key-set.js';
import { OpeningError } from '../opening-error.js';
import { unwrapKey, type WrappedKey, wrapKey } from '../wrapped-key.js';

/** Re-wrapped in one transaction. */
const BATCH = 100;
const POLL_MS = 500;

export interface KekRotation {
  /** The kek_id that wraps everything now. */
  to: string;
  rewrapped: number;
  /** Ids of keys that do not unwrap, and stay as they are. */
  failed: string[];
}

/** Who is told how it goes. */
export interface KekRotationWatch {
  /** Those that are waited for; called when they change, and with none at the end. */
  waitingFor?: (processes: LiveProcess[]) => void;
  rewrapping?: (done: number, total: number) => void;
}

/** Processes that live and do not hold the new master key. Nothing was re-wrapped. */
export class NotEverywhereError extends Error {
  override readonly name = 'NotEverywhereError';
  constructor(
    readonly kek_id: string,
    readonly processes: LiveProcess[],
  ) {
    const who = processes.map(one => `process ${one.pid} on ${one.host} (holds ${one.kek_ids.join(', ')})`);
    super(
      `The master key ${kek_id} is not held by ${who.join('; ')}. Give it to them (a line of the key file, the ` +
        'command, or API_KEY_MASTER_KEY_NEXT and a restart), and repeat. Nothing was re-wrapped.',
    );
  }
}

/**
 * Has all keys wrapped by the master key that the settings name as the target, while servers run. Everything that is
 * done stands by itself: cut off anywhere, it is finished by being called again, and what is finished changes nothing.
 *
 * 1. All processes are asked to hold the new key. 2. When all that live do, the sentinel moves: what is made from then
 * on is wrapped by the new key. 3. What the old ones wrap is re-wrapped, until nothing is left.
 *
 * @param patience_ms how long a process is waited for
 * @throws NotEverywhereError, UnavailableError
 */
export async function rotateKek(
  keystore: Keystore,
  masterKeys: MasterKeys,
  presence: Presence,
  patience_ms: number,
  watch: KekRotationWatch = {},
): Promise<KekRotation> {
  const { target } = masterKeys;
  await presence.want(target.id);
  await untilEverywhere(keystore, target.id, patience_ms, watch);
  await moveSentinel(keystore, target);
  // Whoever has started meanwhile looked at the sentinel before it moved.
  await untilEverywhere(keystore, target.id, patience_ms, watch);
  return rewrapAll(keystore, masterKeys, target, watch);
}

async function untilEverywhere(
  keystore: Keystore,
  kek_id: string,
  patience_ms: number,
  { waitingFor }: KekRotationWatch,
): Promise<void> {
  let told = '';
  for (const deadline = performance.now() + patience_ms; ; await sleep(POLL_MS)) {
    const lacking = (await liveProcesses(keystore)).filter(one => !one.kek_ids.includes(kek_id));
    const ids = lacking.map(one => one.id).join();
    if (ids !== told) waitingFor?.(lacking);
    told = ids;
    if (lacking.length === 0) return;
    if (performance.now() > deadline) throw new NotEverywhereError(kek_id, lacking);
  }
}

const LEFT = "FROM data_keys WHERE kek_id <> ? AND state <> 'destroyed'";

async function rewrapAll(
  keystore: Keystore,
  masterKeys: MasterKeys,
  target: MasterKey,
  { rewrapping }: KekRotationWatch,
): Promise<KekRotation> {
  const result: KekRotation = { to: target.id, rewrapped: 0, failed: [] };
  for (;;) {
    // Across the nodes of a cluster a key may have been made while the sentinel moved.
    const [count] = await keystore.select<{ total: number }>(`SELECT COUNT(*) AS total ${LEFT}`, [target.id]);
    const total = result.rewrapped + Number(count?.total);
    const before = result.rewrapped;
    result.failed = [];
    for (let last: string | undefined = ''; last !== undefined;) {
      if ((await wrappingKekId(keystore)) !== target.id)
        throw new ConflictError('Another rotation of the master key has begun: this one ends');
      last = await rewrapBatch(keystore, masterKeys, target, last, result);
      rewrapping?.(result.rewrapped, total);
    }
    if (result.rewrapped === before) return result;
  }
}

/** Answers with the last id of the batch; undefined when it was the last batch. */
async function rewrapBatch(
  keystore: Keystore,
  masterKeys: MasterKeys,
  target: MasterKey,
  last: string,
  result: KekRotation,
): Promise<string | undefined> {
  const batch = await keystore.select<WrappedKey>(
    `SELECT id, owner_kind, owner_id, version, wrapped, kek_id ${LEFT} AND id > ? ORDER BY id LIMIT ${BATCH}`,
    [target.id, last],
  );
  const anew: { key: WrappedKey; wrapped: string }[] = [];
  for (const key of batch) {
    const wrapped = await rewrap(masterKeys, target, key);
    if (wrapped === undefined) result.failed.push(key.id);
    else anew.push({ key, wrapped });
  }
  if (anew.length > 0)
    result.rewrapped += await keystore.transact(async one => {
      let changed = 0;
      for (const { key, wrapped } of anew)
        changed += await one.change(
          'UPDATE data_keys SET wrapped = ?, kek_id = ? WHERE id = ? AND kek_id = ? AND wrapped = ?',
          [wrapped, target.id, key.id, key.kek_id, key.wrapped],
        );
      return changed;
    });
  return batch.length < BATCH ? undefined : batch.at(-1)?.id;
}

/** Undefined when it does not unwrap: one altered key keeps no other from being re-wrapped. */
async function rewrap(
  masterKeys: MasterKeys,
  target: MasterKey,
  key: WrappedKey,
): Promise<string | undefined> {
  try {
    const bytes = await unwrapKey(masterKeys, key);
    try {
      return wrapKey(target, key, bytes);
    } finally {
      bytes.fill(0);
    }
  } catch (error) {
    if (error instanceof OpeningError) return undefined;
    throw error;
  }
}
