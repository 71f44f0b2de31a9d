import type { KeyRef } from '../../../formats/sealed-value.js';
import { Big, Choice, Moment, Text, Uuid, Whole } from '../../table/field-decorators.js';
import { Stored } from '../../table/stored.js';

/** Whose secrets a data key seals; the pool has the id ''. */
export interface KeyOwner {
  kind: 'user' | 'client' | 'pool';
  id: string;
}

export const POOL: KeyOwner = { kind: 'pool', id: '' };

/** Keys of the server itself; random, versioned, never destroyed. */
export type SystemKeyName = 'audit-mac' | 'audit-signature' | 'blind-index' | 'idempotency' | 'token';

export type KeyHolder = KeyOwner | { kind: 'system'; id: SystemKeyName };
/** The system keys that seal; the others compute MACs, and nothing is gained by another. */
export const SEALING_SYSTEM_KEYS: readonly SystemKeyName[] = ['idempotency'];

export type KeyState = 'active' | 'decrypt_only' | 'destroyed';

/** A wrapped key: 32 bytes sealed under a master key. Each version has an id of its own. */
@Stored({ table: 'data_keys', unique: [['owner_kind', 'owner_id', 'version']] })
export class DataKey implements KeyRef {
  @Uuid({ primary: true }) id!: string;
  @Choice(['user', 'client', 'pool', 'system'], { required: true, index: false })
  owner_kind!: KeyHolder['kind'];
  @Text({ max: 100 }) owner_id!: string;
  @Whole({ index: false }) version!: number;
  @Choice(['active', 'decrypt_only', 'destroyed'], { index: false }) state!: KeyState;
  /** base64url(nonce | ciphertext | tag); empty when destroyed. */
  @Text() wrapped!: string;
  @Text({ max: 16, index: true }) kek_id!: string;
  @Moment({ index: false }) created_at!: string;
  /** How many values it has sealed, as far as processes have told; null stands for none. */
  @Big({ optional: true, index: false }) seals!: number | null;
  /** The rotation that has made it. */
  @Uuid({ optional: true }) rotation_id!: string | null;
}
