import type { FieldSpec } from '../../core/table/field-spec.js';
import { allStored, type StoredSpec } from '../../core/table/stored.js';
import { allResources, clientColumn, type ResourceSpec } from '../../core/resource/resource.js';
import type { LeftOut } from './folder-format.js';

/** The rows of one table, as a file has them. */
export interface Part {
  /** The path of the resource; of another table its name with hyphens. */
  name: string;
  stored: StoredSpec;
  /** Undefined for what hangs on the rows of resources. */
  resource?: ResourceSpec;
  fields: FieldSpec[];
  isTaggable: boolean;
}

/** Tables that hang on rows, by the field that names such a row; the tables of those rows where no reference says it. */
const BESIDE: Record<string, { by: string; of?: string[] }> = {
  task_dependencies: { by: 'task_id' },
  credential_links: { by: 'credential_id' },
  incident_credentials: { by: 'incident_id' },
  incident_deadlines: { by: 'incident_id' },
  incident_timeline: { by: 'incident_id' },
  project_state_versions: { by: 'project_state_id' },
  offboardings: { by: 'client_id' },
  memory_usage: { by: 'id', of: ['context_snippets', 'conversation_contexts'] },
};

/** Resources whose rows are of use in their installation alone. */
export const STAYS: Record<string, string> = {
  'access-tokens': 'a token is known by its secret alone, which nobody can read: issue new ones',
};

/** Tables of the main database that are in no folder. */
export const TABLES_LEFT_OUT: Record<string, string> = {
  journal: 'the audit trail belongs to its installation: "admin audit export" takes it along, provable',
  audit_head: 'of the audit trail',
  audit_checkpoints: 'of the audit trail',
  audit_tiles: 'of the audit trail',
  earlier_entries: 'the trail of an earlier system, beside that of this installation',
  credential_secrets:
    'the present secrets are in the folder with --with-secrets, encrypted; earlier ones are not',
  credential_shares: 'one-time links open what this installation has sealed',
  break_glass_rights: 'they hold for minutes',
  webhook_secrets: 'a webhook signs with a new secret elsewhere',
  webhook_deliveries: 'what was sent to receivers of this installation',
  incident_deleted_credentials:
    'who could see credentials that are gone is for the reports of this installation',
  memory_events: 'by which events that come twice are known',
  expiration_reminders: 'what this installation has reminded of',
  import_jobs: 'what became of files that were brought in',
  upload_pieces: 'files that wait to be brought in',
  imported_rows: 'which rows an earlier import has brought',
  logins: 'everybody logs in anew',
  refresh_tokens: 'everybody logs in anew',
  idempotency_keys: 'answers that may be asked for again for a day',
  shared_counts: 'counts of a moment',
  cluster_locks: 'locks of a moment',
  facts: 'what the database knows of itself',
  custom_field_values: 'an index, made anew from the rows',
  problem_solution_terms: 'an index, made anew from the rows',
  recall_entries: 'an index, made anew from the rows',
  recall_terms: 'an index, made anew from the rows',
  search_terms: 'an index, made anew from the rows',
  search_fills: 'an index, made anew from the rows',
};

/** What no file has of the rows that it holds. */
const VALUES_LEFT_OUT: LeftOut[] = [
  { what: 'passwords and second factors of users', why: 'nobody can read them: set new passwords' },
  { what: 'totp_secret of credentials', why: 'a seed is never shown, to nobody' },
];

const isReadable = (one: FieldSpec) => !one.internal && !one.writeOnly;

const partOfTable = (stored: StoredSpec): Part => ({
  name: stored.table.replaceAll('_', '-'),
  stored,
  fields: stored.fields.filter(isReadable),
  isTaggable: false,
});

const partOfResource = (resource: ResourceSpec): Part => ({
  ...partOfTable(resource),
  name: resource.path,
  resource,
  isTaggable: resource.taggable === true,
});

/** Everything that a folder may hold: every resource, and what hangs on their rows. */
export function allParts(): Part[] {
  const beside = allStored().filter(one => one.table in BESIDE);
  return [...allResources().map(partOfResource), ...beside.map(partOfTable)];
}

/** What a folder is taken with: everything but what is of use in its installation alone. */
export const importableParts = (): Part[] => allParts().filter(one => !(one.name in STAYS));

/** The columns of a part, in the order of a file. */
export const columnsOf = ({ fields, isTaggable }: Part): string[] => [
  ...fields.map(one => one.name),
  ...(isTaggable ? ['tags'] : []),
];

/** The tables on whose rows those of a part hang; none for a resource. */
function parentsOf({ stored }: Part): { by: string; tables: string[] } | undefined {
  const beside = BESIDE[stored.table];
  if (!beside) return undefined;
  const target = stored.byName.get(beside.by)?.reference?.target();
  const tables = beside.of ?? allStored().filter(one => one.type === target).map(one => one.table); // prettier-ignore
  return { by: beside.by, tables };
}

/** Whose rows are wanted: of some resources, of one client, or both. */
export interface Wanted {
  resources?: readonly string[];
  client_id?: string;
}

/** Of no client, and yet needed by the rows of each. */
const WORDS = ['tags', 'custom-field-definitions'];

function reasonAgainst(part: Part, { resources, client_id }: Wanted): string | undefined {
  const { resource } = part;
  if (!resource) {
    const parents = parentsOf(part)?.tables ?? [];
    const paths = allResources().filter(one => parents.includes(one.table)).map(one => one.path); // prettier-ignore
    return resources && !paths.some(one => resources.includes(one)) ? 'was not asked for' : undefined;
  }
  if (resources && !resources.includes(resource.path)) return 'was not asked for';
  if (STAYS[resource.path]) return STAYS[resource.path];
  if (client_id && !clientColumn(resource) && !WORDS.includes(resource.path)) return 'belongs to no client';
  return undefined;
}

/** The parts of a folder, and what is not in it. */
export function partsFor(wanted: Wanted): { parts: Part[]; left_out: LeftOut[] } {
  const all = allParts().map(part => ({ part, why: reasonAgainst(part, wanted) }));
  const left_out = all.flatMap(({ part, why }) => (why ? [{ what: part.name, why }] : []));
  const there = new Set(allStored().map(one => one.table));
  const tables = Object.entries(TABLES_LEFT_OUT).flatMap(([what, why]) =>
    there.has(what) ? [{ what, why }] : [],
  );
  return {
    parts: all.filter(one => !one.why).map(one => one.part),
    left_out: [...left_out, ...VALUES_LEFT_OUT, ...tables],
  };
}

/** Which rows of a part belong to a client, as a condition without values. */
export function ofClient(part: Part, client_id: string): string | undefined {
  const { stored, resource } = part;
  const columnIn = (table: string) => (table === 'clients' ? 'id' : 'client_id');
  if (resource) return clientColumn(resource) && `${stored.table}.${columnIn(stored.table)} = '${client_id}'`;
  const { by, tables } = parentsOf(part) ?? { by: 'id', tables: [] };
  const sets = tables.map(table => `SELECT id FROM ${table} WHERE ${columnIn(table)} = '${client_id}'`);
  return `${stored.table}.${by} IN (${sets.join(' UNION ALL ')})`;
}
