import { columnName, placeholders, type Row, type Sql } from '../../core/database/sql.js';
import { allResources, type ResourceSpec } from '../../core/resource/resource.js';
import { rowTerms, searchedFields } from '../../operations/search/row-terms.js';
import { fault, type Finding, orOk, some } from './finding.js';
import type { Patient } from './patient.js';
import { rowsIn } from './rows-in.js';

const AREA = 'search';
/** Rows of each resource, the newest, whose terms are compared. */
const COMPARED = 200;
const anew = (table: string) =>
  `INSERT INTO search_fills (table_name) VALUES ('${table}'); the next start gives its rows their terms anew`;

/** Rows that search does not find, and terms of rows that are gone. */
async function outOfStep(sql: Sql, { name, table }: ResourceSpec): Promise<Finding[]> {
  const found: Finding[] = [];
  const unknown = `FROM ${table} one WHERE NOT EXISTS (SELECT 1 FROM search_terms t WHERE t.row_id = one.id AND t.resource = '${name}')`;
  for (const which of await rowsIn(sql, unknown, 'row'))
    found.push(fault(AREA, `${table}: ${which} that search does not find`, anew(table)));
  const ofNone = `resource = '${name}' AND NOT EXISTS (SELECT 1 FROM ${table} one WHERE one.id = row_id)`;
  const gone = `FROM (SELECT DISTINCT row_id FROM search_terms WHERE ${ofNone}) terms`;
  for (const which of await rowsIn(sql, gone, 'row', 'row_id'))
    found.push(
      fault(
        AREA,
        `search_terms: ${which} of ${table} that are gone`,
        `DELETE FROM search_terms WHERE ${ofNone}`,
      ),
    );
  return found;
}

/** Rows whose terms are those of another text. */
async function outOfDate(sql: Sql, spec: ResourceSpec): Promise<Finding[]> {
  const { name, table } = spec;
  const columns = ['id', ...searchedFields(spec).map(one => columnName(one.field.name))].join(', ');
  const rows = await sql.select<Row>(`SELECT ${columns} FROM ${table} ORDER BY id DESC LIMIT ${COMPARED}`);
  if (rows.length === 0) return [];
  const ids = rows.map(row => String(row.id));
  const text = `SELECT row_id, term, weight FROM search_terms WHERE resource = ? AND row_id IN (${placeholders(ids.length)})`;
  const stored = new Map<string, Map<string, number>>();
  for (const { row_id, term, weight } of await sql.select<Row>(text, [name, ...ids])) {
    const own = stored.get(String(row_id)) ?? new Map<string, number>();
    stored.set(String(row_id), own.set(String(term), Number(weight)));
  }
  const wrong = rows.filter(row => {
    const [own, due] = [stored.get(String(row.id)), rowTerms(spec, row)];
    return own && (own.size !== due.size || [...due].some(([term, weight]) => own.get(term) !== weight));
  });
  if (wrong.length === 0) return [];
  const which = some(wrong.length, 'row', wrong.slice(0, 6).map(row => String(row.id))); // prettier-ignore
  return [fault(AREA, `${table}: ${which} with other terms than their texts have`, anew(table))];
}

/** Whether search finds every row by what it says; tables that wait for their terms are left out. */
export async function checkSearch({ main }: Patient): Promise<Finding[]> {
  const { reader } = main.connections;
  const waiting = await reader.select<{ table_name: string }>('SELECT table_name FROM search_fills');
  const late = new Set(waiting.map(one => one.table_name));
  const found: Finding[] = [];
  for (const spec of allResources())
    if (searchedFields(spec).length > 0 && !late.has(spec.table))
      found.push(...(await outOfStep(reader, spec)), ...(await outOfDate(reader, spec)));
  const said =
    late.size === 0
      ? 'Search finds every row'
      : `Search finds every row but some of ${[...late].sort().join(', ')}, which get their terms behind the running server`;
  return orOk(AREA, said, found);
}
