import mysql from 'mysql2/promise';
import type { SqlValue } from '../../src/core/database/sql.js';
import type { ResourceSpec } from '../../src/core/resource/resource.js';
import { isFilterable } from '../../src/core/resource/lists/filters.js';
import type { FieldSpec } from '../../src/core/table/field-spec.js';
import { startApp, type TestApp } from '../app.js';
import { RESOURCES } from '../harness/all-resources.js';
import { filled } from '../harness/filled.js';

/** Enough for MariaDB to prefer an index to looking at every row. */
const ROWS = 5_000;
const LISTS = RESOURCES.filter(([, spec]) => !spec.routes || spec.routes.includes('list'));

let t: TestApp;
/** The statements of the lists, since the last look. */
const seen: { text: string; values: readonly SqlValue[] }[] = [];

beforeAll(async () => {
  t = await startApp();
  const { connections } = t.opened.database;
  for (const side of [connections.reader, connections.scanner]) {
    const select = side.select.bind(side);
    side.select = (text, values = []) => {
      seen.push({ text, values });
      return select(text, values);
    };
  }
  if (connections.dialect === 'mariadb') await fill(t.opened.settings.DATABASE_URL.reveal());
}, 120_000);
afterAll(() => t.close());

/** Without rows, and without knowing them, MariaDB takes no index. */
async function fill(url: string): Promise<void> {
  const connection = await mysql.createConnection(url);
  try {
    await connection.query('SET SESSION foreign_key_checks = 0');
    for (const [, spec] of LISTS) {
      const [columns] = await connection.query(`SHOW COLUMNS FROM ${spec.table}`);
      const names = (columns as { Field: string }[]).map(one => one.Field);
      await connection.query(filled(spec, names, ROWS));
      await connection.query(`ANALYZE TABLE ${spec.table} PERSISTENT FOR ALL`);
    }
  } finally {
    await connection.end();
  }
}

interface Plan {
  /** The index by which the rows are found or walked through, if any. */
  index: string | null;
  /** The indexes that could be. */
  possible: string[];
  /** Whether the rows are put in order by themselves. */
  sorts: boolean;
}

/** How the database reads the page that such a query asks for. */
async function planOf(spec: ResourceSpec, query: Record<string, string>): Promise<Plan> {
  seen.length = 0;
  const answer = await t.http('GET', `/api/${spec.path}`, {
    query: { limit: 2, ...query, ...(spec.archivable ? { archived: 'any' } : {}) },
  });
  expect([answer.status, answer.text]).toEqual([200, answer.text]);
  const page = seen.find(({ text }) => text.includes(` FROM ${spec.table}`) && text.includes('ORDER BY'));
  if (!page) throw new Error(`No statement of the list of ${spec.path}`);
  return t.opened.database.connections.dialect === 'sqlite'
    ? sqlitePlan(spec, page)
    : mariadbPlan(spec, page);
}

type Statement = (typeof seen)[number];

async function sqlitePlan(spec: ResourceSpec, { text, values }: Statement): Promise<Plan> {
  const steps = await t.sql<{ detail: string }>(`EXPLAIN QUERY PLAN ${text}`, values);
  const own = steps.map(one => one.detail).find(one => one.split(' ')[1] === spec.table) ?? '';
  const index = / USING (?:COVERING )?INDEX (\S+)/.exec(own)?.[1] ?? null;
  const sorts = steps.some(one => one.detail.includes('TEMP B-TREE FOR ORDER BY'));
  return { index, possible: index ? [index] : [], sorts };
}

async function mariadbPlan(spec: ResourceSpec, { text, values }: Statement): Promise<Plan> {
  const steps = await t.sql<Record<string, string | null>>(`EXPLAIN ${text}`, values);
  const own = steps.find(one => one.table === spec.table);
  return {
    index: own?.key ?? null,
    possible: (own?.possible_keys ?? '').split(','),
    sorts: (own?.Extra ?? '').includes('filesort'),
  };
}

/** Names of the indexes that begin with a column (or with what orders it), as the database has them. */
async function indexesOn(spec: ResourceSpec, field: FieldSpec): Promise<string[]> {
  if (t.opened.database.connections.dialect === 'mariadb') {
    const rows = await t.sql<{ Key_name: string; Seq_in_index: number; Column_name: string }>(
      `SHOW INDEX FROM ${spec.table}`,
    );
    return rows
      .filter(one => Number(one.Seq_in_index) === 1 && one.Column_name === field.name)
      .map(one => one.Key_name);
  }
  const rows = await t.sql<{ name: string; column_name: string | null; sql: string | null }>(
    `SELECT list.name, info.name AS column_name, sqlite_schema.sql FROM pragma_index_list('${spec.table}') list
       JOIN pragma_index_info(list.name) info LEFT JOIN sqlite_schema ON sqlite_schema.name = list.name
     WHERE info.seqno = 0`,
  );
  const ordered = new RegExp(`\\(\\s*CAST\\("?${field.name}"? AS REAL\\)`, 'i');
  return rows
    .filter(
      one => one.column_name === field.name || (one.column_name === null && ordered.test(one.sql ?? '')),
    )
    .map(one => one.name);
}

/** A value that a filter takes, and that few rows have (where it must be unique, one). */
function valueFor(field: FieldSpec): string {
  if (field.choices) return field.choices.at(-1) ?? '';
  switch (field.column.kind) {
    case 'uuid':
      return '01981f5e-6f43-7bd1-b4a5-000000000007';
    case 'flag':
      return 'true';
    case 'whole':
    case 'big':
    case 'decimal':
      return '7';
    case 'moment':
    case 'day':
      return '2026-01-31';
    default:
      return '00000007';
  }
}

describe.each(LISTS)('%s', (_path, spec) => {
  test('has an index for each filter and each order that it offers', async () => {
    const faults: string[] = [];
    for (const field of spec.fields.filter(isFilterable)) {
      const indexes = await indexesOn(spec, field);
      const filter = await planOf(spec, { [field.name]: valueFor(field) });
      if (!filter.possible.some(one => indexes.includes(one)) && field.name !== 'id')
        faults.push(`${field.name}=: ${JSON.stringify({ ...filter, indexes })}`);
      for (const sort of [field.name, `-${field.name}`]) {
        const order = await planOf(spec, { sort });
        if (order.sorts || (field.name !== 'id' && !indexes.includes(order.index ?? '')))
          faults.push(`sort=${sort}: ${JSON.stringify({ ...order, indexes })}`);
      }
    }
    expect(faults).toEqual([]);
  });
});
