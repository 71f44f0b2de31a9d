import { ConflictError, NotFoundError } from '../../context/errors.js';
import type { SqlValue } from '../../database/sql.js';
import {
  type DataKey,
  type KeyHolder,
  type KeyOwner,
  SEALING_SYSTEM_KEYS,
} from '../keystore/data-key.entity.js';
import type { Keystore } from '../keystore/keystore.js';

/** Whose keys: of one owner, or all that seal. */
export type KeyScope = KeyOwner | 'all';

/** `all`, `pool`, `client:<id>`, `user:<id>`. */
export function nameOfScope(scope: KeyScope): string {
  if (scope === 'all') return scope;
  return scope.kind === 'pool' ? 'pool' : `${scope.kind}:${scope.id}`;
}

function inScope(scope: KeyScope): { text: string; values: SqlValue[] } {
  if (scope !== 'all') return { text: 'owner_kind = ? AND owner_id = ?', values: [scope.kind, scope.id] };
  const names = SEALING_SYSTEM_KEYS.map(name => `'${name}'`).join(', ');
  return { text: `(owner_kind <> 'system' OR owner_id IN (${names}))`, values: [] };
}

export type OwnedKey = Pick<DataKey, 'id' | 'version'> & { owner: KeyHolder };

/** Keys of the scope, with their owners. */
export async function ownersIn(
  keystore: Keystore,
  scope: KeyScope,
  { condition, values, end = '' }: { condition: string; values: SqlValue[]; end?: string },
): Promise<OwnedKey[]> {
  const within = inScope(scope);
  const rows = await keystore.select<DataKey>(
    `SELECT id, version, owner_kind, owner_id FROM data_keys WHERE ${within.text} AND ${condition} ${end}`,
    [...within.values, ...values],
  );
  return rows.map(({ id, version, owner_kind, owner_id }) => ({
    id,
    version,
    owner: { kind: owner_kind, id: owner_id } as KeyHolder,
  }));
}

/** @throws NotFoundError, ConflictError where there is nothing to rotate */
export async function requireKeys(keystore: Keystore, scope: KeyOwner): Promise<void> {
  const states = await keystore.select<Pick<DataKey, 'state'>>(
    'SELECT DISTINCT state FROM data_keys WHERE owner_kind = ? AND owner_id = ?',
    [scope.kind, scope.id],
  );
  if (states.length === 0) throw new NotFoundError(`There is no key of ${nameOfScope(scope)}`);
  if (states.some(one => one.state === 'destroyed'))
    throw new ConflictError(`The keys of ${nameOfScope(scope)} were destroyed`);
}
