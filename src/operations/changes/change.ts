import { type Actor, seesClient } from '../../core/context/actor.js';
import type { Row } from '../../core/database/sql.js';
import { decodeMoment } from '../../core/database/values.js';
import type { ResourceSpec } from '../../core/resource/resource.js';
import { REMINDER, type Reminder, reminderIn } from './reminder.js';

export const CHANGE_KINDS = ['created', 'updated', 'deleted'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** What an entry tells of its row: a change, or that something of it ends. */
export type EntryKind = ChangeKind | 'reminder';

/** Field → [before, after], of what is not secret. */
type Values = Record<string, [unknown, unknown]>;

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

/** An entry of the journal about a row of a resource. */
export interface RowEntry {
  spec: ResourceSpec;
  seq: number;
  at: string;
  id: string;
  kind: EntryKind;
  expiration?: Reminder;
  version: number | null;
  client_id: string | null;
  /** The client that the row had before; as `client_id` where that has not changed. */
  former: string | null;
  changes: Values;
  isCut: boolean;
}

/** What is known of a row now: whether it is there, and whether the caller sees it. */
export type Standing = 'seen' | 'hidden' | 'gone';

const ALWAYS = ['tags'];

/** An entry as it stands in the journal; undefined where it tells of no change of a row. */
export function rowEntry(row: Row, specs: ReadonlyMap<string, ResourceSpec>): RowEntry | undefined {
  const spec = specs.get(String(row.resource_type));
  if (!spec || typeof row.resource_id !== 'string') return undefined;
  const given = parsed(row.changes);
  const changes = shown(spec, given);
  const client_id = (row.client_id as string | null) ?? null;
  const moved = changes.client_id;
  const version = row.version === null ? null : Number(row.version);
  return {
    spec,
    seq: Number(row.seq),
    at: decodeMoment(String(row.at)),
    id: row.resource_id,
    ...(row.action === REMINDER
      ? { kind: 'reminder' as const, expiration: reminderIn(parsed(row.details)) }
      : { kind: kindOf(spec, String(row.action), version) }),
    version,
    client_id,
    former: moved ? (moved[0] as string | null) : client_id,
    changes,
    isCut: given.truncated === true || (row.changes === null && row.action !== REMINDER),
  };
}

function kindOf(spec: ResourceSpec, action: string, version: number | null): ChangeKind {
  if (action === `${spec.name}.delete`) return 'deleted';
  const isNew = version === 1 || ['create', 'import'].some(verb => action === `${spec.name}.${verb}`);
  return isNew ? 'created' : 'updated';
}

function parsed(text: unknown): Record<string, unknown> {
  return typeof text === 'string' ? (JSON.parse(text) as Record<string, unknown>) : {};
}

/** What an answer of the resource may hold. */
function shown(spec: ResourceSpec, given: Record<string, unknown>): Values {
  const isShown = (name: string) => {
    const field = spec.byName.get(name);
    return field
      ? !field.writeOnly && !field.internal
      : ALWAYS.includes(name) || (spec.customFields === true && name.startsWith('custom_fields.'));
  };
  return Object.fromEntries(
    Object.entries(given).filter(([name, value]) => Array.isArray(value) && isShown(name)),
  ) as Values;
}

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
