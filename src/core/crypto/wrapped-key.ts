import type { DataKey } from './keystore/data-key.entity.js';
import type { MasterKey } from './master-key/master-key.js';
import type { MasterKeys } from './master-key/master-key-set.js';
import { OpeningError } from './opening-error.js';

type Identity = Pick<DataKey, 'id' | 'owner_kind' | 'owner_id' | 'version'>;

/** A key of the keystore with what it takes to unwrap it. */
export type WrappedKey = Identity & Pick<DataKey, 'wrapped' | 'kek_id'>;

/** What a wrapped key is bound to, beside the master key's id. */
function keyContext({ id, owner_kind, owner_id, version }: Identity): string[] {
  return ['opskeep/dek', id, owner_kind, owner_id, String(version)];
}

export function wrapKey(masterKey: MasterKey, identity: Identity, bytes: Buffer): string {
  return masterKey.wrap(keyContext(identity), bytes);
}

/** The bytes of a key, which the caller wipes. @throws OpeningError when its master key is not at hand, or it was altered */
export async function unwrapKey(masterKeys: MasterKeys, key: WrappedKey): Promise<Buffer> {
  const masterKey = await masterKeys.reach(key.kek_id);
  if (!masterKey)
    throw new OpeningError(new Error(`Key ${key.id} is wrapped by ${key.kek_id}, which is not at hand`));
  try {
    return masterKey.unwrap(keyContext(key), key.wrapped);
  } catch (cause) {
    throw new OpeningError(cause);
  }
}
