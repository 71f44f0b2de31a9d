import { isAdmin } from '../../core/context/actor.js';
import { ConflictError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import { inParts, placeholders } from '../../core/database/sql.js';
import type { ResourceKit } from '../../core/resource/kit.js';
import type { BillableTime } from './billable-time.entity.js';

/** Of the entries that are rounded together, so many may be one user's: nobody keeps all others out of a group. */
export const MOST_OF_USER = 250;

interface Share {
  group_key: string;
  user_id: string | null;
  total: number;
}

/** 409 where rows that come into groups, under a lock of their clients, are more of a user than there is room for. */
export async function requireShare({ units }: ResourceKit, rows: readonly BillableTime[]): Promise<void> {
  if (isAdmin(currentActor())) return;
  const shares = new Map<string, number>();
  const add = (group_key: string, user_id: string | null, count: number) => {
    const key = `${group_key} ${user_id}`;
    shares.set(key, (shares.get(key) ?? 0) + count);
    if ((shares.get(key) ?? 0) > MOST_OF_USER)
      throw new ConflictError(`At most ${MOST_OF_USER} entries of one user are rounded together`, {
        resource_type: 'BillableTime',
      });
  };
  const entering = rows.flatMap(({ group_key, user_id }) => (group_key === null ? [] : [{ group_key, user_id }])); // prettier-ignore
  const users = new Set(entering.map(one => one.user_id));
  for (const part of inParts([...new Set(entering.map(one => one.group_key))])) {
    const text =
      'SELECT group_key, user_id, COUNT(*) AS total FROM billable_time ' +
      `WHERE group_key IN (${placeholders(part.length)}) GROUP BY group_key, user_id`;
    for (const { group_key, user_id, total } of await units.sql.select<Share>(text, part))
      if (users.has(user_id)) add(group_key, user_id, Number(total));
  }
  for (const { group_key, user_id } of entering) add(group_key, user_id, 1);
}
