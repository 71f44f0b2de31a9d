import type { Row } from '../../core/database/sql.js';
import { decodeMoment } from '../../core/database/values.js';
import type { ResourceSpec } from '../../core/resource/resource.js';
import { REMINDER, type Reminder, reminderIn } from './reminder.js';

export const CHANGE_KINDS = ['created', 'updated', 'deleted'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** What an entry tells of its row: a change, or that something of it ends. */
export type EntryKind = ChangeKind | 'reminder';

/** Field → [before, after], of what is not secret. */
export type Values = Record<string, [unknown, unknown]>;

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
