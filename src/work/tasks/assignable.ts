import { seesClient } from '../../core/context/actor.js';
import { ValidationError } from '../../core/context/errors.js';
import { User } from '../../core/access/user.entity.js';
import type { ResourceKit } from '../../core/resource/kit.js';

interface Assigned {
  assigned_to: string | null;
  client_id: string | null;
}

/** What belongs to a client is nobody's who would not find it. */
export async function requireAssignable(
  { units, rows }: ResourceKit,
  { assigned_to, client_id }: Assigned,
  before?: Assigned,
): Promise<void> {
  const isAsBefore = before?.assigned_to === assigned_to && before.client_id === client_id;
  if (!assigned_to || !client_id || isAsBefore) return;
  const user = await units.remembered('users', assigned_to, () => rows.findOne(User, { id: assigned_to }));
  if (user && !seesClient(user, client_id))
    throw ValidationError.of('assigned_to', 'does not see the client of the task', 'client');
}
