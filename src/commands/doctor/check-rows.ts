import type { Sql } from '../../core/database/sql.js';
import { referringFields } from '../../core/resource/references.js';
import { allResources, clientColumn, type ResourceSpec, viaField } from '../../core/resource/resource.js';
import { OPSKEEP } from '../output.js';
import { fault, type Finding, orOk, some } from './finding.js';
import { mixedInvoices } from './mixed-invoices.js';
import type { Patient } from './patient.js';
import { unfinishedOffboardings } from './unfinished-offboardings.js';

const AREA = 'rows';

/** A field that refers to another client-owned resource; `copied` when client_id is taken from there. */
interface Link {
  child: ResourceSpec;
  field: string;
  parent: ResourceSpec;
  copied: boolean;
}

function links(): Link[] {
  const all = allResources();
  return all.flatMap(child =>
    child.fields.flatMap(({ name, reference }) => {
      const parent = reference && all.find(one => one.type === reference.target());
      if (!parent || name === 'client_id' || clientColumn(child) !== 'client_id' || !clientColumn(parent))
        return [];
      const copied = typeof child.client === 'object' && child.client.via === name;
      return [{ child, field: name, parent, copied }];
    }),
  );
}

/** Rows whose client is not the one of what they refer to. */
async function strangers(sql: Sql, link: Link): Promise<Finding[]> {
  const { child, field, parent, copied } = link;
  const theirs = `parent.${clientColumn(parent)}`;
  const differ =
    sql.dialect === 'sqlite' ? `child.client_id IS NOT ${theirs}` : `NOT (child.client_id <=> ${theirs})`;
  // With a parent that is nobody's, such a row may have the client of what else it refers to.
  const condition = copied && !child.inheritsClient ? differ : `child.client_id <> ${theirs}`;
  const [which] = await whichRows(sql, link, condition);
  if (which === undefined) return [];
  return [
    fault(
      AREA,
      `${child.table}: ${which} with another client than their ${field}`,
      copied
        ? copying(link)
        : `Decide for each row which client it belongs to, and set client_id or ${field} through the API`,
    ),
  ];
}

/** The statement that gives rows the client of what they refer to. */
function copying({ child, field, parent }: Link): string {
  const column = clientColumn(parent);
  const only = child.inheritsClient
    ? ` WHERE ${field} IN (SELECT id FROM ${parent.table} WHERE ${column} IS NOT NULL)`
    : '';
  return `UPDATE ${child.table} SET client_id = (SELECT ${column} FROM ${parent.table} WHERE ${parent.table}.id = ${child.table}.${field})${only}`;
}

/** Rows that are nobody's, though what they are for belongs to a client. */
async function nobodys(sql: Sql, link: Link): Promise<Finding[]> {
  const { child, field, parent } = link;
  const asks = child.inheritsClient === true || child.asksForClient === true;
  if (!asks || !referringFields(child).some(one => one.name === field)) return [];
  const condition = `child.client_id IS NULL AND parent.${clientColumn(parent)} IS NOT NULL`;
  const [which] = await whichRows(sql, link, condition);
  if (which === undefined) return [];
  const via = viaField(child);
  return [
    fault(
      AREA,
      `${child.table}: ${which} without a client, though their ${field} has one`,
      child.asksForClient
        ? `${via ? `Give the row of ${via} a client` : 'Set client_id'}, which opens the row to those who see the client, or clear ${field}, through the API`
        : via
          ? copying(link)
          : 'Set client_id through the API; what follows the row has it then, too',
    ),
  ];
}

/** `3 rows (…)` of which a condition holds; none where it holds of none. */
async function whichRows(sql: Sql, { child, field, parent }: Link, condition: string): Promise<string[]> {
  const from = `FROM ${child.table} child JOIN ${parent.table} parent ON parent.id = child.${field} WHERE ${condition}`;
  const [count] = await sql.select<{ total: number }>(`SELECT COUNT(*) AS total ${from}`);
  const total = Number(count?.total);
  if (total === 0) return [];
  const rows = await sql.select<{ id: string }>(`SELECT child.id ${from} ORDER BY child.id LIMIT 6`);
  return [
    some(
      total,
      'row',
      rows.map(row => row.id),
    ),
  ];
}

async function danglingOnSqlite(sql: Sql): Promise<Finding[]> {
  if (sql.dialect !== 'sqlite') return [];
  const rows = await sql.select<{ table: string; rowid: number; parent: string }>('PRAGMA foreign_key_check');
  return rows
    .slice(0, 20)
    .map(row =>
      fault(
        AREA,
        `${row.table}: row ${row.rowid} refers to a row of ${row.parent} that is gone`,
        'Restore the row, or remove the reference',
      ),
    );
}

async function withoutAdministrator(sql: Sql): Promise<Finding[]> {
  const rows = await sql.select(
    "SELECT id FROM users WHERE is_active = 1 AND scopes LIKE '%msp:admin%' LIMIT 1",
  );
  if (rows.length > 0) return [];
  return [
    fault(
      AREA,
      'There is no active administrator',
      `${OPSKEEP} admin user add EMAIL --scopes msp:read,msp:write,msp:admin; the first start makes one while there is no user`,
    ),
  ];
}

/** What no constraint of a database can hold: whose a row is, and that somebody can administer. */
export async function checkRows({ main }: Patient): Promise<Finding[]> {
  const { reader } = main.connections;
  const found: Finding[] = [];
  for (const link of links())
    found.push(...(await strangers(reader, link)), ...(await nobodys(reader, link)));
  found.push(
    ...(await danglingOnSqlite(reader)),
    ...(await mixedInvoices(reader)),
    ...(await unfinishedOffboardings(reader)),
    ...(await withoutAdministrator(reader)),
  );
  return orOk(AREA, 'Every row belongs to the client of what it refers to', found);
}
