import { resourceOf } from '../../../core/resource/resource.js';
import type { Body } from '../../../core/resource/resource.service.js';
import { Credential } from '../../../vault/credentials/credential.entity.js';
import type { SecretField } from '../../../formats/credential-types.js';
import { type EarlierRow, Seen } from '../earlier-rows.js';
import { fillable, valueOf } from '../field-values.js';
import { typesFor } from '../fit-types.js';
import { acceptable, Notes } from '../said-in-notes.js';
import { secretColumn, secretFieldOf } from './secret-columns.js';
import type { TableRow } from './table-row.js';
import { ClosedValue, type Values } from './value-keys.js';

/** What the notes have a line for where a row has it. */
const NOTED = new Set([
  'role_description', 'access_level', 'client_id_oauth', 'tenant_id_oauth', 'public_key', 'description', 'purpose',
  'network_subnet', 'm365_tenant_id', 'last_rotated_at', 'environment', 'provider',
]); // prettier-ignore
/** Fields that stand in the clear, and in which people leave a password. */
const ADDRESSES = new Set(['external_url', 'internal_url']);
/** What a credential is for, in tables that have no `service_name`. */
const SERVICE_NAMES = ['service', 'provider', 'name', 'title', 'label', 'key_name'];

export interface ColumnsOfTable {
  columns: string[];
  /** What columns are called here, where the operator says so. */
  renamed: ReadonlyMap<string, string>;
  /** Columns that nothing is brought of. */
  leftOut: ReadonlySet<string>;
  /** Columns that place the row, and are read by others. */
  placing: ReadonlySet<string>;
}

/** The secrets of a row, opened; what does not open is the row's fault. */
function secretsOf(row: TableRow, user: string | null, table: ColumnsOfTable, values: Values, seen: Seen) {
  const columns = table.columns.flatMap(one =>
    table.leftOut.has(one) ? [] : (secretColumn(one, table.renamed) ?? []),
  );
  // What is encrypted comes before plaintext that was left beside it.
  columns.sort((one, other) => Number(other.isSealed) - Number(one.isSealed));
  const set = columns.filter(one => row.text(one.column) !== null);
  const told = new Set(set.map(one => one.told));
  const found = new Map<SecretField, string>();
  for (const { column, told: name, isSealed } of set) {
    const field = secretFieldOf(name, told);
    if (!field) {
      row.fault(column, 'is no secret that is known here; --column names it, or --leave-out leaves it');
      continue;
    }
    if (!isSealed && found.has(field)) {
      Seen.count(seen.leftOut, column);
      continue;
    }
    try {
      const secret = values.open(row.text(column) ?? '', user, isSealed, seen);
      if (secret === '') continue;
      if (found.has(field) && found.get(field) !== secret)
        row.fault(column, `there are two values of ${field}`);
      found.set(field, secret);
    } catch (error) {
      if (!(error instanceof ClosedValue)) throw error;
      row.fault(column, error.message);
    }
  }
  return found;
}

/** What a row says of a resource, by the names of its columns; what nothing takes is counted or noted. */
export function factsOf(
  fields: ReturnType<typeof fillable>,
  row: TableRow,
  table: ColumnsOfTable,
  notes: Notes,
  seen: Seen,
): Body {
  const body: Body = {};
  for (const column of table.columns) {
    const text = row.text(column);
    if (text === null || table.placing.has(column)) continue;
    const name = table.renamed.get(column) ?? column;
    const field = fields.get(name);
    if (table.leftOut.has(column)) Seen.count(seen.leftOut, column);
    else if (field && !(ADDRESSES.has(name) && notes.seals(name, text))) body[name] = valueOf(field, text);
    else if (field) continue;
    else if (NOTED.has(name)) notes.add(name, text);
    else if (!secretColumn(column, table.renamed)) Seen.count(seen.leftOut, column);
  }
  return body;
}

/** The column that has this name here. */
function columnCalled(name: string, { columns, renamed }: ColumnsOfTable): string | undefined {
  return columns.find(one => (renamed.get(one) ?? one) === name);
}

/** A credential of an earlier system as the bodies of those that it becomes. */
export async function credentialRow(
  row: TableRow,
  place: Pick<EarlierRow, 'client' | 'user'>,
  table: ColumnsOfTable,
  values: Values,
  seen: Seen,
): Promise<EarlierRow> {
  const spec = resourceOf(Credential);
  const secrets = secretsOf(row, place.user, table, values, seen);
  const notes = new Notes(seen, [...secrets.values()]);
  const names = ['service_name', ...SERVICE_NAMES].map(one => columnCalled(one, table));
  const called = names.find(one => one !== undefined && row.text(one) !== null);
  const placing = new Set([...table.placing, ...(called === undefined ? [] : [called])]);
  const facts = factsOf(fillable(spec), row, { ...table, placing }, notes, seen);
  facts.service_name = (called && row.text(called)) ?? `Credential ${row.row}`;
  const made = row.become({ ...place, bodies: [] }, row.named(table.columns, facts.service_name as string));
  if (made.faults.length > 0) return made;
  const parts = typesFor(facts.credential_type as string | undefined, [...secrets.keys()]);
  if (!parts) {
    row.fault(
      'credential_type',
      secrets.size === 0 ? 'it has no secret' : 'no type has these secrets together',
    );
    return made;
  }
  for (const { type, fields } of parts) {
    const own = Object.fromEntries(fields.map(field => [field, secrets.get(field)]));
    const body = await acceptable(spec, { ...facts, credential_type: type, ...own }, notes, made);
    if (body) made.bodies.push(body);
  }
  if (made.faults.length === 0) made.bodies.push(...notes.bodies(facts.service_name as string));
  return made;
}
