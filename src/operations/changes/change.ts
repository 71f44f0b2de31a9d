import { type Actor, seesClient } from '../../core/context/actor.js';
import type { Reminder } from './reminder.js';
import type { EntryKind, RowEntry, Values } from './row-entry.js';

/** One step of the life of a row, as the caller may see it; for jobs also that something of it ends. */
export interface Change {
  seq: number;
  at: string;
  resource: string;
  id: string;
  kind: EntryKind;
  version: number | null;
  client_id: string | null;
  changes: Values;
  is_complete: boolean;
  /** Of a reminder alone. */
  expiration?: Reminder;
}

/** What is known of a row now: whether it is there, and whether the caller sees it. */
export type Standing = 'seen' | 'hidden' | 'gone';

/**
 * What the actor is told of an entry: undefined where that is nothing. A row that leaves the clients that he sees is
 * deleted for him, and one that comes is created; of what he does not see now he learns no more than that it is gone.
 * Where not every row of a client is for him, he learns that of rows alone that named him: the end of a grant tells of
 * what he saw by it.
 *
 * @param isOpen whether the actor sees every row of the clients that he sees, of this resource
 */
export function changeFor(
  actor: Actor,
  entry: RowEntry,
  standing: Standing,
  isOpen: boolean,
): Change | undefined {
  const sees = (client_id: string | null) => seesThen(actor, entry, client_id, standing);
  const before = entry.kind !== 'created' && sees(entry.former);
  const after = entry.kind !== 'deleted' && sees(entry.client_id);
  if (!before && !after) return undefined;
  const isTold = standing === 'seen' || (standing === 'gone' && isOpen);
  if (!after)
    return isOpen || standing === 'seen' || namesActor(actor, entry)
      ? changeOf(entry, 'deleted', isTold && entry.kind === 'deleted')
      : undefined;
  if (!isTold) return undefined;
  if (!before && entry.kind === 'updated') return changeOf(entry, 'created', false);
  return changeOf(entry, entry.kind, true);
}

/** Whether the row said, before, that the actor owns it, or that it is for him. */
function namesActor(actor: Actor, { changes }: RowEntry): boolean {
  return Object.values(changes).some(([before]) => before === actor.id);
}

/** Of rows without a client, those who see some clients alone see their own. */
function seesThen(
  actor: Actor,
  { spec, changes }: RowEntry,
  client_id: string | null,
  standing: Standing,
): boolean {
  if (client_id !== null) return seesClient(actor, client_id);
  if (actor.client_access !== 'only' || standing === 'seen') return true;
  return spec.owner !== undefined && (changes[spec.owner]?.includes(actor.id) ?? false);
}

function changeOf(entry: RowEntry, kind: EntryKind, tells: boolean): Change {
  const { seq, at, spec, id, version, client_id, former, changes, isCut, expiration } = entry;
  return {
    seq,
    at,
    resource: spec.path,
    id,
    kind,
    version,
    client_id: tells ? client_id : kind === 'deleted' ? former : client_id,
    changes: tells ? changes : {},
    is_complete: kind === 'deleted' || (tells && !isCut),
    ...(expiration ? { expiration } : {}),
  };
}
