import { ConflictError, StaleRowError } from '../context/errors.js';
import { forShare } from '../database/locks.js';
import { keepApart, type KeyOf, keyValue } from '../table/unique-key.js';
import type { ResourceKit } from './kit.js';
import type { ResourceSpec } from './resource.js';

type Values = Record<string, unknown>;

/**
 * Writes a row. Where a name of `uniqueWithin` is taken and that does not refuse, both rows have it. Without `refuses`
 * nothing does: whoever rotates a secret or deletes a user names nothing.
 */
export async function apartIfTaken<R>(
  spec: ResourceSpec,
  row: object,
  write: () => Promise<R>,
  refuses: (key: KeyOf) => Promise<boolean> = () => Promise.resolve(false),
): Promise<R> {
  try {
    return await write();
  } catch (error) {
    const taken = error instanceof ConflictError ? error.details.field : undefined;
    const key = spec.byName.get(`${taken}_key`)?.keyOf;
    if (!key || (await refuses(key))) throw error;
    keepApart(row);
    return write();
  }
}

/** Whether a change leaves the name, and among what it is unique: the row has had its twin before. */
export function isNamedAsBefore({ field, within }: KeyOf, row: object, before: object | undefined): boolean {
  return before !== undefined && [field, ...within].every(name => (before as Values)[name] === (row as Values)[name]); // prettier-ignore
}

/** The row that has the name, whoever may see it: as it is now, and not as when the unit began. */
export async function holderOf(
  { units }: ResourceKit,
  { table }: ResourceSpec,
  key: KeyOf,
  row: object,
): Promise<string> {
  const text = `SELECT id FROM ${table} WHERE ${key.field}_key = ?${forShare(units.sql.dialect)}`;
  const [holder] = await units.sql.select<{ id: string }>(text, [keyValue(key, row as Values) ?? null]);
  if (!holder) throw new StaleRowError('The same was written at the same time', { field: key.field });
  return holder.id;
}
