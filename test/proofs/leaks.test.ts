import { setTimeout as sleep } from 'node:timers/promises';
import { clientColumn, type ResourceSpec } from '../../src/core/resource/resource.js';
import { type Answer, type Body, startApp, type TestApp } from '../app.js';
import { factories } from '../factories.js';
import { documentOf, type Operation, type Parameter, RESOURCES } from '../harness/all-resources.js';
import { isWhole } from '../harness/proof-size.js';
import { seesOnly } from '../harness/refused-callers.js';

jest.setTimeout(isWhole ? 3_600_000 : 240_000);

/** A request of a caller that may not see the hidden rows, and the answer when they are there. */
interface Asked {
  caller: string;
  url: string;
  answer: string;
}

let t: TestApp;
let lists: [string, Operation][];
let own: string;
let began: string;
const callers: Record<string, string> = {};
/** By path: rows that the callers do not see. */
const hidden = new Map<string, Body[]>();

beforeAll(async () => {
  t = await startApp({ settings: { REFUSED_REVEAL_LIMIT: '0', MASS_REVEAL_LIMIT: '0' } });
  const { paths } = await documentOf(t);
  lists = Object.entries(paths).flatMap(([path, { get }]) => (get && !path.includes('{') && !UNEQUAL.includes(path) ? [[path, get]] : [])); // prettier-ignore
  own = (await t.make('clients')).id;
  const foreign = await t.make('clients', { notes: 'Of the hidden client' });
  hidden.set('clients', [foreign]);
  for (const [path, spec] of RESOURCES.filter(([one]) => factories[one] && one !== 'clients')) {
    const owned = clientColumn(spec) !== undefined;
    if (owned) await t.make(path, { client_id: own });
    if (!owned && spec.client !== 'none') continue;
    const rows = [await t.make(path, owned ? { client_id: foreign.id } : {})];
    if (owned) rows.push(await t.make(path, { client_id: foreign.id }));
    hidden.set(path, rows);
  }
  Object.assign(callers, await seesOnly(t, own));
  await useEach();
  began = encodeURIComponent(new Date().toISOString());
});
afterAll(() => t.close());

/** Whether a token of one's own was ever used is not to change between two questions. */
async function useEach(): Promise<void> {
  const tokens = Object.values(callers).filter(one => one.startsWith('okt_'));
  for (const token of tokens) await t.http('GET', '/api/clients?limit=1', { token });
  const used = 'SELECT COUNT(*) AS count FROM access_tokens WHERE last_used_at IS NOT NULL';
  while (Number((await t.sql<{ count: number }>(used))[0]?.count) < tokens.length) await sleep(50);
}

/** Whose answers differ from time to time: random, of the process, or about all that was asked before. */
const UNEQUAL = [
  '/api/credentials/generate',
  '/api/audit/checkpoint',
  '/api/changes',
  '/api/api-audit-log',
  '/api/api-audit-log/export',
  '/api/access-tokens/export',
];

const cursor = (...values: unknown[]) => Buffer.from(JSON.stringify(values)).toString('base64url');

/** What a parameter may be asked for, so that it touches a hidden row. */
function valuesOf({ name }: Parameter, [path, operation]: [string, Operation]): string[] {
  const rows = hidden.get(path.split('/')[2] ?? '') ?? [];
  const of = (field: string) => rows.map(row => row[field]).filter(one => one !== null && one !== undefined && typeof one !== 'object').map(String); // prettier-ignore
  const names = (operation.parameters ?? []).map(one => one.name);
  switch (name) {
    case 'sort':
      return ['id', 'created_at', ...names.filter(one => names.includes(`${one}__gt`))].flatMap(one => [one, `-${one}`]); // prettier-ignore
    case 'cursor':
      return of('id').flatMap(id => [cursor('-id', id), cursor('id', id)]);
    case 'q':
      return rows.flatMap(row => Object.values(row)).filter(one => typeof one === 'string' && !/^[\d-]+[T.:]|^[0-9a-f-]{36}$/.test(one)).map(one => String(one).slice(0, 60)); // prettier-ignore
    case 'fields':
    case 'omit':
      return ['id', 'version'];
    case 'limit':
    case 'skip':
      return ['1'];
    case 'count':
      return ['exact', 'none'];
    case 'archived':
      return ['any', 'true'];
  }
  const [field = '', operator] = name.split('__');
  if (operator === 'isnull') return ['true', 'false'];
  const values = field === 'client_id' ? [String(hidden.get('clients')?.[0]?.id)] : of(field);
  return operator === 'startswith' ? values.map(one => one.slice(0, 5)) : values;
}

function* requests(): Generator<string> {
  let n = 0;
  for (const list of lists) {
    const [path, operation] = list;
    const parameters = (operation.parameters ?? []).filter(one => one.in === 'query');
    // Entries of what is asked here come later.
    const before = parameters.some(one => one.name === 'timestamp__lt') ? `&timestamp__lt=${began}` : '';
    const archived = parameters.some(one => one.name === 'archived') ? '&archived=any' : '';
    const count = parameters.some(one => one.name === 'count') ? '&count=exact' : '';
    yield before === '' ? path : `${path}?${before.slice(1)}`;
    for (const parameter of parameters)
      for (const value of new Set(valuesOf(parameter, list))) {
        // Among all tests, a few.
        if (!isWhole && n++ % 25 !== 0) continue;
        const more = [archived, count, before].filter(one => !one.startsWith(`&${parameter.name}=`)).join('');
        yield `${path}?${parameter.name}=${encodeURIComponent(value)}${more}`;
      }
  }
}

/** An answer without what differs from request to request. */
function told({ status, headers, text }: Answer): string {
  const { date: _date, 'x-request-id': id = '', 'content-length': _length, ...kept } = headers;
  // When the caller's own token was last used, and when a report was made.
  const shown = text.replaceAll(id, '').replaceAll(/"(last_used_at|made_at)":(null|"[^"]*")/g, '');
  return JSON.stringify([status, kept, shown]);
}

/** Where two answers part. */
function parting(one: string, other: string): string {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  const from = Math.max(0, at - 100);
  return `${one.slice(from, at + 200)}\nwhere there is none: ${other.slice(from, at + 200)}`;
}

async function askAll(): Promise<Asked[]> {
  const asked: Asked[] = [];
  for (const url of requests())
    for (const [caller, token] of Object.entries(callers))
      asked.push({ caller, url, answer: told(await t.http('GET', url, { token })) });
  return asked;
}

/** Takes rows away past the application, those that others refer to after these. */
async function takeAway(rows: [table: string, id: string][]): Promise<void> {
  let left = rows;
  while (left.length > 0) {
    const kept: typeof rows = [];
    for (const [table, id] of left)
      await t.change(`DELETE FROM ${table} WHERE id = ?`, [id]).catch(() => void kept.push([table, id]));
    if (kept.length === left.length) throw new Error(`${JSON.stringify(kept)} cannot be taken away`);
    left = kept;
  }
}

async function takeClientAway(client_id: string): Promise<void> {
  const rows: [string, string][] = [];
  for (const [, spec] of RESOURCES.filter(([, one]) => clientColumn(one) === 'client_id'))
    for (const { id } of await t.sql<{ id: string }>(`SELECT id FROM ${spec.table} WHERE client_id = ?`, [
      client_id,
    ]))
      rows.push([spec.table, id]);
  for (const [path, spec] of RESOURCES.filter(([, one]) => one.client === 'none'))
    rows.push(...(hidden.get(path) ?? []).map(({ id }): [string, string] => [spec.table, String(id)]));
  await takeAway([...rows, ['clients', client_id]]);
}

/** A row of one's own with all the words of a hidden one, and what comes of creating it. */
async function twins(token: string): Promise<Record<string, unknown>> {
  const told: Record<string, unknown> = {};
  const made: [string, string][] = [];
  for (const [path, spec] of RESOURCES) {
    const [row] = hidden.get(path) ?? [];
    if (!row || OF_OTHERS.includes(path)) continue;
    const body = { ...(bodies.get(path) ?? {}), ...words(spec, row) };
    const answer = await t.http('POST', `/api/${path}`, { token, body });
    if (answer.status === 201) made.push([spec.table, answer.body.id]);
    told[path] = [answer.status, answer.status === 201 ? null : [answer.body.error, answer.body.details]];
  }
  await takeAway(made);
  return told;
}
/** They leave a trace beside their own row that is told of, or have none that is one's own. */
const OF_OTHERS = ['credentials', 'credential-permissions', 'operation-failures', 'approval-requests'];
const bodies = new Map<string, Body>();

const words = (spec: ResourceSpec, row: Body) =>
  Object.fromEntries(
    spec.fields
      .filter(one => !one.readOnly && !one.internal && !one.reference && !one.choices && ['text', 'long'].includes(one.column.kind))
      .map(one => [one.name, row[one.name]])
      .filter(([, value]) => typeof value === 'string'),
  ) as Body; // prettier-ignore

test('what one does not see changes no answer: no row, count, order, page, header or conflict', async () => {
  for (const [path] of hidden)
    if (path !== 'clients') bodies.set(path, await t.body(path, { client_id: own }));
  bodies.set('clients', {});
  const [[, token = '']] = Object.entries(callers) as [[string, string]];
  const there = await askAll();
  const conflicts = await twins(token);
  await takeClientAway(String(hidden.get('clients')?.[0]?.id));
  const gone = await askAll();
  const differences = there.flatMap(({ caller, url, answer }, n) => {
    const other = gone[n]?.answer ?? '';
    return answer === other ? [] : [`${caller}: ${url}: ${parting(answer, other)}`];
  });
  expect(differences).toEqual([]);
  expect(await twins(token)).toEqual(conflicts);
  expect(there.length).toBeGreaterThan(isWhole ? 5_000 : 300);
  // They were asked something: most answers are pages.
  expect(there.filter(one => one.answer.startsWith('[200')).length).toBeGreaterThan(there.length / 2);
});
