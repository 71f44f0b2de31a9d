import { normalizeText } from '../../core/resource/bodies/body-decorators.js';
import type { NameColumn } from '../../core/resource/export/export-names.js';
import { listedNames } from '../../core/resource/export/export-names.js';
import type { FieldFault } from '../../core/context/errors.js';
import { reaches } from '../../core/context/actor.js';
import { currentActor } from '../../core/context/request-context.js';
import { inParts, placeholders } from '../../core/database/sql.js';
import type { ResourceKit } from '../../core/resource/kit.js';
import { clientColumn } from '../../core/resource/resource.js';
import type { AnyResourceService } from '../../core/resource/resource-registry.js';
import type { RowParts } from '../../core/resource/import/row-shape.js';
import { allOf } from '../../core/table/clause.js';

interface Named {
  id: string;
  client_id: string | null;
}
type ByName = Map<string, Named[]>;

/** Names of one statement. */
const TOGETHER = 200;
/** Of one name and client, so many rows are enough to know that it is several. */
const SEVERAL = 2;

/** Puts the ids of rows in the place of their names, where a row has no id there: of all rows of a part at once. */
export async function putIds(kit: ResourceKit, rows: readonly RowParts[]): Promise<void> {
  const wanted = new Map<NameColumn, Set<string>>();
  for (const { names, body } of rows)
    for (const [of, name] of names) {
      if (body[of.field] !== undefined) continue;
      const known = wanted.get(of) ?? new Set();
      wanted.set(of, known.add(asStored(of, name)));
    }
  // The client first: of names that are several, the row's client says which.
  for (const of of [...wanted.keys()].sort((a, b) => order(a) - order(b))) {
    const found = await rowsNamed(kit, of.target, [...(wanted.get(of) ?? [])]);
    for (const row of rows) put(row, of, found);
  }
}

const order = ({ field }: NameColumn) => (field === 'client_id' ? 0 : 1);

function put(row: RowParts, of: NameColumn, found: ByName): void {
  const name = row.names.get(of);
  if (name === undefined || row.body[of.field] !== undefined) return;
  const all = found.get(asStored(of, name)) ?? [];
  const own = all.filter(one => one.client_id === (row.body.client_id ?? null));
  const [first, ...more] = own.length > 0 ? own : all;
  if (first && more.length === 0) row.body[of.field] = first.id;
  else row.faults.push(first ? several(of) : nobody(of));
}

const nobody = ({ header }: NameColumn): FieldFault => ({
  field: header,
  message: 'is the name of nothing that exists',
  rule: 'reference',
});
const several = ({ header, field }: NameColumn): FieldFault => ({
  field: header,
  message: `is the name of several rows: give ${field}`,
  rule: 'ambiguous',
});

function asStored({ target }: NameColumn, name: string): string {
  const [field] = listedNames(target.spec).flatMap(one => target.spec.byName.get(one) ?? []);
  return String(field?.normalize ? normalizeText(field, name) : name);
}

/** The rows that are called so and that the actor sees. */
async function rowsNamed(kit: ResourceKit, target: AnyResourceService, names: string[]): Promise<ByName> {
  const found: ByName = new Map();
  const { spec } = target;
  if (!reaches(currentActor(), spec.path)) return found;
  const column = clientColumn(spec);
  for (const field of listedNames(spec))
    for (const part of inParts(
      names.filter(one => !found.has(one)),
      TOGETHER,
    )) {
      const among = `${spec.table}.${field} IN (${placeholders(part.length)})`;
      const { sql, values } = allOf([{ sql: among, values: part }, ...target.visible()]);
      const client = column ? `${spec.table}.${column}` : 'NULL';
      const text =
        `SELECT id, client_id, name FROM (SELECT ${spec.table}.id, ${client} AS client_id, ` +
        `${spec.table}.${field} AS name, ROW_NUMBER() OVER (PARTITION BY ${spec.table}.${field}, ${client} ` +
        `ORDER BY ${spec.table}.id) AS place FROM ${spec.table} WHERE ${sql}) AS found WHERE place <= ${SEVERAL}`;
      for (const { name, ...row } of await kit.units.sql.select<Named & { name: string }>(text, values))
        found.set(name, [...(found.get(name) ?? []), row]);
    }
  return found;
}
