import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FreshDatabase } from './harness/database.js';
import { multiplied } from './harness/multiply.js';
import { type Probe, startProbe } from './harness/probe.js';
import { query } from './harness/query.js';
import { call, environmentOf, logIn, type Server, startServer } from './harness/server.js';
import { startedDatabase } from './harness/started.js';
import { leastOfTries } from './harness/tries.js';

/** No single request may hold up others (CONTRIBUTING, Rules that are easy to break). */
const LIMIT_MS = 250;

let fresh: FreshDatabase;
let server: Server;
let probe: Probe;
let token: string;
let client_id: string;

beforeAll(async () => {
  fresh = await startedDatabase();
  server = await startServer(environmentOf(fresh));
  token = await logIn(server);
  probe = startProbe(server);
  client_id = (await post('/api/clients', { name: 'The client' })).body.id;
}, 120_000);
afterAll(async () => {
  probe?.stop();
  await server?.kill();
  await fresh?.drop();
});

async function raw(method: string, path: string, body?: string, type = 'application/json', accept = '*/*') {
  const headers = { authorization: `Bearer ${token}`, 'content-type': type, accept };
  await (await fetch(`${server.url}${path}`, { method, body, headers })).text();
}
const stranger = (path: string, body: string) =>
  fetch(`${server.url}${path}`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
const post = (path: string, body?: unknown) => call(server, 'POST', path, { token, body });
const get = (path: string, headers?: Record<string, string>) => call(server, 'GET', path, { token, headers });

let count = 0;
const unique = () => `CANARY ${++count} ${randomBytes(6).toString('hex')}`;
const many = <T>(length: number, make: (index: number) => T): T[] => Array.from({ length }, (_, index) => make(index)); // prettier-ignore
const credential = (password: string) => ({
  client_id,
  credential_type: 'password',
  service_name: unique(),
  password,
});
const password = (length: number) => `CANARY ${randomBytes(length).toString('base64')}`.slice(0, length);
/** Half of them go before the other half when the text is normalised, one by one. */
const marks = (length: number) => `a${'\u0301\u0316'.repeat(length / 2)}`;

/** The later half goes before the earlier one as a whole. */
const inTwo = (length: number) => '\u0301'.repeat(length / 2) + '\u0316'.repeat(length / 2);

const best = (measure: () => Promise<number>) => leastOfTries(LIMIT_MS, measure);
/** `/health` at its slowest while one request is answered. */
const pulse = async (request: () => Promise<unknown>) => (await probe.during(request)).slowest;
const slowest = (request: () => Promise<unknown>) => best(() => pulse(request));

const bulk = (path: string, length: number, make: (index: number) => object, more = {}) =>
  post(`/api/${path}/bulk`, { ...more, items: many(length, make) });
const user = () => ({ email: `user${++count}@canary.test`, name: 'User', password: password(30) });
const site = () => ({ client_id, name: unique() });
const context = (dense_summary: string, more: object) => ({
  context_type: 'checkpoint',
  title: unique(),
  dense_summary,
  ...more,
});
const event = (kind: string, text: string, sequence: number) => ({
  key: unique().replaceAll(/[^\w]/g, '-'),
  kind,
  at: '2026-03-02T10:00:00Z',
  session_key: `session ${sequence % 3}`,
  project: { name: 'never frozen' },
  speaker: 'user',
  sequence,
  text,
});
const commands = async (text: string) => {
  const current_state = Object.fromEntries(many(16, n => [`l${n}`, text]));
  expect((await post('/api/conversation-contexts', context('x', { current_state }))).status).toBe(201);
};
const bring = async (names: string[]) => {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'text/csv' };
  const body = `client_id,name\n${names.map(name => `${client_id},${name}\n`).join('')}`;
  const answer = await fetch(`${server.url}/api/bulk-import/sites`, { method: 'POST', headers, body });
  let job = (await answer.json()) as Record<string, unknown>;
  for (; job.finished_at === null; job = (await get(`/api/bulk-import/jobs/${String(job.id)}`)).body)
    await sleep(100);
  expect(job).toMatchObject({ state: 'done', created: names.length });
};
const lists = (length: number) => `[${'[],'.repeat(length)}[]]`;

/** What a request may bring at most, and what it may ask for at most. */
const REQUESTS: [string, () => Promise<unknown>][] = [
  ['100 credentials with passwords of 100 characters', () => bulk('credentials', 100, () => credential(password(100)))],
  ['60 credentials with passwords that take long', () => bulk('credentials', 60, () => credential('p4$sW0rD'.repeat(13)))],
  ['1,000 credentials', () => bulk('credentials', 1000, () => credential(password(20)))],
  ['1,000 clients', () => bulk('clients', 1000, () => ({ name: unique() }))],
  ['1,000 sites, all or nothing', () => bulk('sites', 1000, site, { atomic: true })],
  ['1,000 contacts with unknown fields', () => bulk('contacts', 1000, () => Object.fromEntries(many(20, n => [`f${n}`, n])))],
  ['1,000 clients that exist', () => bulk('clients', 1000, () => ({ name: 'The client' }))],
  ['5 users', () => bulk('users', 5, user)],
  ['a client with 60,000 unknown fields', () => post('/api/clients', Object.fromEntries(many(60_000, n => [`f${n}`, 1])))],
  ['a map of 60,000 keys', () => post('/api/clients', { name: unique(), external_refs: Object.fromEntries(many(60_000, n => [`f${n}`, 'x'])) })],
  ['a list of 100,000 texts', () => post('/api/projects', { name: unique(), technologies: many(100_000, () => 'x') })],
  ['a list of 300,000 lists', () => raw('POST', '/api/clients', `{"name":"x","notes":${lists(300_000)}}`)],
  ['95,000 distinct keys, by somebody who is not logged in', () => stranger('/api/auth/login', `{${many(95_000, n => `"f${n}":1`).join()}}`)],
  ['95,000 distinct keys in a bulk', () => raw('POST', '/api/sites/bulk', `{${many(95_000, n => `"f${n}":1`).join()}}`)],
  ['lists in lists that end, by somebody who is not logged in', () => stranger('/api/sites', '['.repeat(520_000) + ']'.repeat(520_000))],
  ['lists in lists', () => raw('POST', '/api/clients', '['.repeat(500_000))],
  ['5 lists of 9,000 objects', () => post('/api/clients', Object.fromEntries(many(5, n => [`f${n}`, many(9000, x => ({ [`x${x}`]: 1 }))])))],
  ['a list of 20,000 ids', () => post('/api/users', { email: 'a@canary.test', name: 'A', password: password(30), client_ids: many(20_000, () => client_id) })],
  ['a form of 100,000 parameters', () => raw('POST', '/api/auth/token', '&a=1'.repeat(100_000), 'application/x-www-form-urlencoded')],
  ['a list of 1,000', () => get('/api/clients?limit=1000')],
  ['a list of 1,000 credentials', () => get('/api/credentials?limit=1000')],
  ['the names of all credentials of a client', () => get(`/v1/secret/metadata/${client_id}?list=true`)],
  ['an export as CSV', () => raw('GET', '/api/credentials', undefined, undefined, 'text/csv')],
  ['a filter of 400 ids', () => get(`/api/credentials?id__in=${many(400, () => client_id).join(',')}`)],
  ['a filter of 200 values', () => get(`/api/clients?${many(200, n => `name=client+${n}`).join('&')}`)],
  ['a search', () => get(`/api/credentials?q=${'canary+'.repeat(20)}&count=exact`)],
  ['a password of 60,000 characters', () => post('/api/credentials', credential(password(60_000)))],
  ['the strength of 10,000 characters', () => post('/api/credentials/strength', { password: password(10_000) })],
  ['an address of marks, by somebody who is not logged in', () => post('/api/auth/login', { email: marks(200_000), password: 'CANARY' })],
  ['an address of marks after a scheme', () => post('/api/credentials', { ...credential('CANARY 1'), external_url: `http://${marks(400_000)}` })],
  ['a host of 330,000 letters beyond ASCII', () => post('/api/clients', { name: unique(), website: `http://${'漢'.repeat(330_000)}` })],
  ['a form of 262,000 parameters, by somebody who is not logged in', () => raw('POST', '/api/auth/token', 'a=1&'.repeat(262_000), 'application/x-www-form-urlencoded')],
  ['10,000 ids to reveal', () => post('/api/credentials/reveal', { ids: many(10_000, n => `${'x'.repeat(64)}${n}`), reason: 'All at once' })],
  ['10,000 rules in another order', () => post('/api/firewall-rules/reorder', { infrastructure_id: client_id, ids: many(10_000, n => `${'x'.repeat(64)}${n}`) })],
  ['a name of marks', () => post('/api/clients', { name: marks(200_000) })],
  ['tags of marks', () => post('/api/credentials', { ...credential('CANARY 1'), tags: many(50, () => marks(4000)) })],
  ['a secret', () => get('/api/credentials/generate?length=256')],
  ['words', () => get('/api/credentials/generate?words=20')],
  ['100 secrets of 10,000 characters', async () => {
    const { body } = await bulk('credentials', 100, () => credential(password(10_000)));
    await post('/api/credentials/reveal', { ids: body.results.map(one => one.id), reason: 'All at once' });
  }],
  ['a summary of nothing but names of secrets', () => post('/api/conversation-contexts', context('key='.repeat(16_000), {}))],
  ['a map of 90,000 texts', () => post('/api/conversation-contexts', context('x', { current_state: Object.fromEntries(many(9, n => [`l${n}`, many(9900, () => 'token a')])) }))],
  ['sixteen commands of nothing but passwords', () => commands('zip -P a '.repeat(6700))],
  ['sixteen commands of quotes that do not close', () => commands(`zip${' -P \\"'.repeat(7000)}`)],
  ['a git remote of colons', () => post('/api/projects', { name: unique(), repository_url: `a://${':'.repeat(1_000_000)}` })],
  ['a git remote of slashes', () => get(`/api/projects/by-repository?url=x://a/b${'/'.repeat(14_000)}c`)],
  ['events of nothing but marks', () => post('/api/memory/events', { events: ['turn', 'stop', 'compact', 'note'].map((kind, n) => event(kind, n % 2 ? `We decided: a${inTwo(65_000)}` : `a${inTwo(65_000)}`, n)) })],
  ['decisions of nothing but marks to compare', () => post('/api/memory/compress', { function: 'extractKeyDecisions', input: { text: `We decided to use a${inTwo(200_000)}` } })],
  ['200 events of what was decided', () => post('/api/memory/events', { events: many(200, n => event('stop', `We decided to use A${n} instead of B${n} because C. `.repeat(100), n)) })],
  ['events of different words', () => post('/api/memory/events', { events: many(4, n => event('turn', many(20_000, m => `w${n}x${m}A1`).join(' '), n)) })],
  ['a conversation to compress', () => post('/api/memory/compress', { function: 'compressConversationSummary', input: { turns: many(4, () => ({ speaker: 'assistant', text: 'We decided to use A instead of B because C. '.repeat(1_400) })) } })],
  ['1,000 entries of time that are rounded together, submitted at once', async () => {
    await post('/api/rate-rules', { client_id, increment_minutes: 60, rounding: 'up', scope: 'day' });
    const { body } = await bulk('billable-time', 1000, () => ({ client_id, work_date: '2026-01-31', worked_minutes: 5, labour_type: 'remote' }));
    const { body: moved } = await post('/api/billable-time/submit', { ids: body.results.map(one => one.id) });
    expect(moved.results.filter(one => one.status === 200)).toHaveLength(1000);
  }],
  ['contexts to merge', () => post('/api/memory/compress', { function: 'mergeContexts', input: { contexts: many(80, n => Object.fromEntries(many(50, m => [`n${m}`, [`item ${n} of ${m}`]]))) } })],
  ['items to put together', () => post('/api/memory/compress', { function: 'formatForInjection', input: { max_tokens: 20_000, items: many(2, n => ({ id: `${n}`, type: 'fact', at: '2026-03-02T10:00:00Z', text: many(9_000, m => `w${n}x${m}`).join(' ').slice(0, 65_000) })) } })],
  ['a file of 2,500 sites', () => bring(many(2500, unique))],
  ['verifying the trail', () => post('/api/audit/verify')],
]; // prettier-ignore

test.each(REQUESTS)(
  '%s',
  async (_, request) => {
    expect(await slowest(request)).toBeLessThan(LIMIT_MS);
  },
  120_000,
);

const remove = async (id: string) =>
  expect((await call(server, 'DELETE', `/api/clients/${id}`, { token })).status).toBe(204);

test('a client that is deleted with its 2,000 sites and contacts', async () => {
  const measure = async () => {
    const { id } = (await post('/api/clients', { name: unique() })).body;
    for (const path of ['sites', 'contacts'])
      await bulk(path, 1000, () => ({ client_id: id, name: unique() }));
    return pulse(() => remove(id));
  };
  expect(await best(measure)).toBeLessThan(LIMIT_MS);
}, 120_000);

test('a client that is deleted with its 33,000 contacts', async () => {
  const dialect = fresh.url.startsWith('sqlite:') ? 'sqlite' : 'mariadb';
  const measure = async () => {
    const { id } = (await post('/api/clients', { name: unique() })).body;
    const contact = (await post('/api/contacts', { client_id: id, name: 'The first' })).body.id;
    const [row] = await query(fresh.url, 'SELECT * FROM contacts WHERE id = ?', [contact]);
    const columns = Object.keys(row ?? {});
    const copies = multiplied(dialect, 'contacts', columns, 33_000, { name: 'Contact ' });
    await query(fresh.url, `${copies} WHERE s.id = '${contact}'`);
    return pulse(() => remove(id));
  };
  expect(await best(measure)).toBeLessThan(LIMIT_MS);
}, 240_000);

test('a session that moves to another client with its 10,000 file changes', async () => {
  const [from, to] = [
    await post('/api/clients', { name: unique() }),
    await post('/api/clients', { name: unique() }),
  ];
  const session = (await post('/api/sessions', { title: 'Long', client_id: from.body.id })).body.id;
  const file = { session_id: session, file_path: 'x', change_type: 'modified' };
  const change = (await post('/api/file-changes', file)).body.id;
  const [row] = await query(fresh.url, 'SELECT * FROM file_changes WHERE id = ?', [change]);
  const dialect = fresh.url.startsWith('sqlite:') ? 'sqlite' : 'mariadb';
  const copies = multiplied(dialect, 'file_changes', Object.keys(row ?? {}), 10_000, { file_path: 'File ' });
  await query(fresh.url, `${copies} WHERE s.id = '${change}'`);
  const clients = [to.body.id, from.body.id];
  const move = async () => {
    const body = { client_id: clients.reverse()[1] };
    expect((await call(server, 'PATCH', `/api/sessions/${session}`, { token, body })).status).toBe(200);
  };
  expect(await slowest(move)).toBeLessThan(LIMIT_MS);
}, 120_000);

test('the overlaps of 33,000 networks of one client', async () => {
  const { id } = (await post('/api/clients', { name: unique() })).body;
  const network = (await post('/api/networks', { client_id: id, name: unique(), cidr: '192.168.0.0/24' }))
    .body.id;
  const [row] = await query(fresh.url, 'SELECT * FROM networks WHERE id = ?', [network]);
  const lite = fresh.url.startsWith('sqlite:');
  const cidr = lite
    ? "printf('10.%d.%d.0/24', n / 256, n % 256)"
    : "CONCAT('10.', n DIV 256, '.', MOD(n, 256), '.0/24')";
  const dialect = lite ? 'sqlite' : 'mariadb';
  const copies = multiplied(
    dialect,
    'networks',
    Object.keys(row ?? {}),
    33_000,
    { name: 'Network ' },
    { cidr },
  );
  await query(fresh.url, `${copies} WHERE s.id = '${network}'`);
  const overlaps = () => get(`/api/networks/overlaps?client_id=${id}`);
  expect(await overlaps()).toMatchObject({ status: 200, body: { items: [] } });
  expect(await slowest(overlaps)).toBeLessThan(LIMIT_MS);
}, 120_000);

test('a list and an export of very long texts', async () => {
  const { id } = (await post('/api/clients', { name: unique() })).body;
  const long = () => ({ client_id: id, name: unique(), notes: 'ä'.repeat(32_000) });
  for (let n = 0; n < 8; n++) await bulk('contacts', 15, long);
  const list = () => get(`/api/contacts?client_id=${id}&limit=1000`);
  expect((await list()).body.items).toHaveLength(120);
  expect(await slowest(list)).toBeLessThan(LIMIT_MS);
  for (let n = 0; n < 24; n++) await bulk('contacts', 15, long);
  const { status, body } = await list();
  expect([status, body.details?.field]).toEqual([422, 'limit']);
  const exported = () =>
    raw('GET', `/api/contacts?client_id=${id}`, undefined, undefined, 'application/x-ndjson');
  expect(await slowest(exported)).toBeLessThan(LIMIT_MS);
}, 120_000);

test('recall among very long turns, however many of them are told already', async () => {
  const project_id = (await post('/api/projects', { name: 'Very long' })).body.id;
  const text = (n: number) => many(7_100, m => `zeppelin w${n}x${m % 400}`).join(' ').slice(0, 64_000); // prettier-ignore
  const at = '2026-03-02T10:00:00Z';
  const turn = (n: number) => ({ project_id, session_key: `s${n}`, at, speaker: 'user', sequence: 1, text: text(n) });
  const ids: string[] = [];
  for (let n = 0; n < 84; n += 14) {
    const { body } = await bulk('conversation-turns', 14, m => turn(n + m));
    ids.push(...body.results.map(one => String(one.id)));
  }
  for (const [told, limit, found] of [[0, 10, 1], [40, 10, 1], [80, 10, 1], [84, 10, 0], [0, 50, 1]] as const) {
    const recall = async () => {
      const body = { query: 'where is the zeppelin', project_name: 'Very long', min_relevance_score: 0, limit, exclude_ids: ids.slice(0, told) };
      const answer = await post('/api/conversation-contexts/recall', body);
      expect([told, answer.status, answer.body.items?.length]).toEqual([told, 200, found]);
      expect(ids.indexOf(String(answer.body.items[0]?.id)) >= told).toBe(found > 0);
    };
    expect(await slowest(recall)).toBeLessThan(LIMIT_MS);
  }
  // A list of them ends its page earlier, for who names no number of rows.
  const list = `/api/conversation-turns?project_id=${project_id}`;
  const first = (await get(list)).body;
  expect(first).toMatchObject({ total: 84, limit: 100 });
  const second = first.next ? (await get(`${list}&limit=100&cursor=${String(first.next)}`)).body : { items: [] };
  expect([...first.items, ...second.items].map(one => one.id).sort()).toEqual(ids.toSorted());
}, 120_000); // prettier-ignore

test('a search in long texts for what they nearly contain', async () => {
  const long = () => ({
    incident_type: 'other',
    incident_date: '2026-01-31',
    description: 'a'.repeat(60_000),
  });
  for (let n = 0; n < 4; n++) await bulk('security-incidents', 15, long);
  const search = () => get(`/api/security-incidents?count=exact&q=${'a'.repeat(199)}b`);
  expect((await search()).body.total).toBe(0);
  expect(await slowest(search)).toBeLessThan(LIMIT_MS);
}, 120_000);

test('a list that is sorted by one field again and again', async () => {
  const sorted = () => get(`/api/clients?sort=${many(2000, () => 'name').join(',')}`);
  expect((await sorted()).status).toBe(200);
  expect(await slowest(sorted)).toBeLessThan(LIMIT_MS);
}, 120_000);

test('1,000 firewall rules are analysed and brought into another order', async () => {
  const host = { client_id, hostname: unique(), asset_type: 'firewall' };
  const { id: infrastructure_id } = (await post('/api/infrastructure', host)).body;
  const rule = (n: number) => ({
    infrastructure_id,
    action: 'allow',
    protocol: 'tcp',
    source_port: `${n + 1}-${40_000 + ((n * 7919) % 20_000)}`,
    destination_port: `${1 + ((n * 104_729) % 20_000)}-${30_000 + n}`,
  });
  const { body } = await bulk('firewall-rules', 1000, rule);
  const analysis = () => get(`/api/firewall-rules/analysis?infrastructure_id=${infrastructure_id}`);
  expect((await analysis()).status).toBe(200);
  expect(await slowest(analysis)).toBeLessThan(LIMIT_MS);
  const ids = body.results.map(one => one.id);
  const reorder = async () =>
    expect((await post('/api/firewall-rules/reorder', { infrastructure_id, ids: ids.reverse() })).status).toBe(200); // prettier-ignore
  expect(await slowest(reorder)).toBeLessThan(LIMIT_MS);
}, 120_000);

test('the document, for whoever asks first', async () => {
  const measure = async () => {
    const other = await startedDatabase();
    const another = await startServer(environmentOf(other));
    const watch = startProbe(another);
    try {
      return (await watch.during(() => call(another, 'GET', '/api/openapi.json'))).slowest;
    } finally {
      watch.stop();
      await another.kill();
      await other.drop();
    }
  };
  expect(await best(measure)).toBeLessThan(LIMIT_MS);
}, 240_000);

test('whoever writes does not wait behind the hashes of many users', async () => {
  const users = bulk('users', 10, user).then(() => 'the users');
  await sleep(200);
  const client = post('/api/clients', { name: unique() }).then(() => 'the client');
  expect(await Promise.race([users, client])).toBe('the client');
  await users;
}, 120_000);
