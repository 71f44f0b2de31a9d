import { currentContext } from '../../src/core/context/request-context.js';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { Passwords } from '../../src/core/access/factors/passwords.js';
import { EventBus } from '../../src/core/events/events.js';
import { startApp, type Body, type TestApp } from '../app.js';

let t: TestApp;
const events: string[] = [];
beforeAll(async () => {
  t = await startApp();
  t.app.get(EventBus).on('resource.created', event => void events.push(event.id));
});
afterAll(() => t.close());

/** Two clients with the same rows, whose ids have the same names. */
interface World {
  client_id: string;
  names: Map<string, string>;
}

const NOBODY = randomUUID();
let count = 0;

async function world(): Promise<World> {
  const { id: client_id } = await t.make('clients');
  const { id: other } = await t.make('clients');
  const names = new Map([[client_id, 'the client'], [other, 'the other client'], [NOBODY, 'nobody']]); // prettier-ignore
  const make = async (name: string, path: string, body: Body) => {
    const answer = await t.http('POST', `/api/${path}`, { body });
    expect([answer.status, answer.text]).toEqual([201, answer.text]);
    names.set(answer.body.id, name);
  };
  await make('the site', 'sites', { client_id, name: 'Taken' });
  await make('another site', 'sites', { client_id: other, name: 'Elsewhere' });
  await make('the device', 'infrastructure', { client_id, hostname: 'device', asset_type: 'firewall' });
  return { client_id, names };
}

const idOf = ({ names }: World, name: string) => [...names].find(([, one]) => one === name)?.[0] ?? '';

/** What an item may be; `n` says which one it is of its kind. */
const KINDS: Record<string, ((w: World, n: number) => Body)[]> = {
  sites: [
    ({ client_id }, n) => ({ client_id, name: `Site ${n}` }),
    ({ client_id }) => ({ client_id, name: 'ＴＡＫＥＮ' }),
    (_, n) => ({ client_id: NOBODY, name: `Site ${n}` }),
    ({ client_id }, n) => ({ client_id, name: `Site ${n}`, network_subnet: '10.0.0.1/8' }),
    ({ client_id }, n) => ({ client_id, name: `Site ${n}`, no_such_field: 1 }),
  ],
  infrastructure: [
    ({ client_id }, n) => ({ client_id, hostname: `host ${n}`, asset_type: 'other' }),
    ({ client_id }, n) => ({ client_id, hostname: `host ${n}`, asset_type: 'other', tags: ['one', `tag ${n}`, 'ＯＮＥ'] }),
    (w, n) => ({ client_id: w.client_id, hostname: `guest ${n}`, asset_type: 'other', parent_host_id: idOf(w, 'the device') }),
    (w, n) => ({ client_id: w.client_id, hostname: `astray ${n}`, asset_type: 'other', site_id: idOf(w, 'another site') }),
    ({ client_id }, n) => ({ client_id, hostname: `host ${n}`, asset_type: 'other', parent_host_id: NOBODY, tags: [`lost ${n}`] }),
  ],
  projects: [
    ({ client_id }, n) => ({ client_id, name: `Project ${n}` }),
    ({ client_id }, n) => ({ client_id, name: `Project ${n}`, slug: `project-${n}` }),
    ({ client_id }, n) => ({ client_id, name: `Project ${n}`, tags: ['one'] }),
    (_, n) => ({ client_id: NOBODY, name: `Project ${n}` }),
  ],
  'firewall-rules': [
    w => ({ infrastructure_id: idOf(w, 'the device'), action: 'allow' }),
    (w, n) => ({ infrastructure_id: idOf(w, 'the device'), action: 'deny', rule_order: n + 1 }),
    () => ({ infrastructure_id: NOBODY, action: 'deny' }),
    w => ({ infrastructure_id: idOf(w, 'the device'), action: 'deny', protocol: 'icmp', source_port: '80' }),
  ],
  credentials: [
    ({ client_id }, n) => ({ client_id, service_name: `Service ${n}`, credential_type: 'password', password: 'CANARY of bulk 1' }),
    ({ client_id }, n) => ({ client_id, service_name: `Service ${n}`, credential_type: 'password', tags: ['one', `tag ${n}`] }),
    ({ client_id }, n) => ({ client_id, service_name: `Service ${n}`, credential_type: 'totp', totp_secret: 'CANARY not base32!' }),
    (_, n) => ({ client_id: NOBODY, service_name: `Service ${n}`, credential_type: 'password', password: 'CANARY of bulk 2' }),
  ],
}; // prettier-ignore

type Choice = [kind: number, n: number];
const choices = (path: string, most: number, maxLength: number) =>
  fc.array(fc.tuple(fc.nat((KINDS[path]?.length ?? 1) - 1), fc.nat(most)), { minLength: 1, maxLength });
const bodies = (path: string, w: World, items: Choice[]) =>
  items.map(([kind, n]) => KINDS[path]?.[kind]?.(w, n) ?? {});

/** What became of an item, with the names of ids in place of the ids. */
interface Outcome {
  status: number;
  error?: unknown;
  row?: unknown;
}

async function outcome(path: string, w: World, status: number, answer: Body): Promise<Outcome> {
  const named = (value: unknown) => {
    let text = JSON.stringify(value);
    text = text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'then');
    for (const [id, name] of w.names) text = text.replaceAll(id, name);
    return JSON.parse(text) as unknown;
  };
  if (status !== 201) {
    const { error, code, details } = answer;
    return { status, error: named({ error, code, details }) };
  }
  const { body } = await t.http('GET', `/api/${path}/${String(answer.id)}`, {
    query: path === 'credentials' ? { reveal: 'false' } : {},
  });
  expect(body.id).toBe(answer.id);
  const { id, created_at: _c, updated_at: _u, last_rotated_at: _r, ...row } = body;
  const told = await t.sql('SELECT action, name, details, changes FROM journal WHERE resource_id = ? AND action LIKE ? ORDER BY n', [id, '%.create']); // prettier-ignore
  expect(told).toHaveLength(1);
  expect(events.filter(one => one === id)).toHaveLength(1);
  w.names.set(id, `row ${w.names.size}`);
  return { status, row: named({ ...row, told }) };
}

async function oneByOne(path: string, w: World, items: Choice[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const body of bodies(path, w, items)) {
    const answer = await t.http('POST', `/api/${path}`, { body });
    outcomes.push(await outcome(path, w, answer.status, answer.body));
  }
  return outcomes;
}

async function atOnce(path: string, w: World, items: Choice[]): Promise<Outcome[]> {
  const { status, body } = await t.http('POST', `/api/${path}/bulk`, {
    body: { items: bodies(path, w, items) },
  });
  expect([status, body.results?.map(one => one.index)]).toEqual([200, items.map((_, index) => index)]);
  const outcomes: Outcome[] = [];
  for (const { status, id, error } of body.results) {
    const answer = (error ?? { id }) as Body;
    outcomes.push(await outcome(path, w, status, answer));
  }
  return outcomes;
}

describe.each(Object.keys(KINDS))('%s, many at once', path => {
  test('become what they would have become one by one, whatever is wrong with some', async () => {
    const property = fc.asyncProperty(choices(path, 4, 12), async items => {
      expect(await atOnce(path, await world(), items)).toEqual(await oneByOne(path, await world(), items));
    });
    await fc.assert(property, { numRuns: 4 });
  }, 120_000);

  test('or all of them or none: the fault is that of the first item that has one', async () => {
    const property = fc.asyncProperty(choices(path, 4, 8), async items => {
      const [w, other] = [await world(), await world()];
      const single = await oneByOne(path, other, items);
      const items_ = bodies(path, w, items);
      const { status, body } = await t.http('POST', `/api/${path}/bulk`, {
        body: { atomic: true, items: items_ },
      });
      const faults = single.flatMap((one, index) => (one.status === 201 ? [] : [index]));
      if (faults.length === 0) return expect(status).toBe(200);
      // What is wrong with a body by itself is found before anything is stored.
      expect(faults).toContain(body.details.index);
      expect([status, body.code]).toEqual([single[Number(body.details.index)]?.status, codeOf(single[Number(body.details.index)])]); // prettier-ignore
      const [first = 0] = faults.filter(index => codeOf(single[index]) !== 'validation');
      if (body.code !== 'validation') expect(body.details.index).toBe(first);
    });
    await fc.assert(property, { numRuns: 4 });
  }, 120_000);
});

const codeOf = (one?: Outcome) => (one?.error as { code: string } | undefined)?.code;

test('all of them or none: a name that is taken comes before the unknown reference of a later item', async () => {
  const w = await world();
  const items = bodies('sites', w, [[0, 1], [1, 0], [2, 0]]); // prettier-ignore
  const { status, body } = await t.http('POST', '/api/sites/bulk', { body: { atomic: true, items } });
  expect([status, body.details.index, body.details.field]).toEqual([409, 1, 'name']);
  expect(await t.sql('SELECT name FROM sites WHERE client_id = ?', [w.client_id])).toHaveLength(1);
});

test('more than are stored in one statement, with a fault in each part', async () => {
  const items = Array.from({ length: 220 }, (_, n): Choice => [n % 107 === 50 ? 1 : n % 107 === 60 ? 2 : 0, n % 200]); // prettier-ignore
  expect(await atOnce('sites', await world(), items)).toEqual(await oneByOne('sites', await world(), items));
}, 120_000);

test('how many statements it takes does not depend on the number of items', async () => {
  const { client_id } = await world();
  const costOf = async (length: number, atomic: boolean) => {
    let statements = 0;
    const { connections } = t.opened.database;
    const begin = connections.begin.bind(connections);
    const spy = jest.spyOn(connections, 'begin').mockImplementation(async patience => {
      const transaction = await begin(patience);
      for (const name of ['select', 'change'] as const) {
        const run = transaction[name].bind(transaction) as (...given: unknown[]) => Promise<never>;
        transaction[name] = (...given: unknown[]) => {
          // Who asks is looked at again, once; what is done beside requests has no route.
          if (currentContext()?.route && !/ FROM (users|logins) /.test(String(given[0]))) statements += 1;
          return run(...given);
        };
      }
      return transaction;
    });
    const items = Array.from({ length }, () => ({ client_id, name: `Counted ${++count}` }));
    const { status, body } = await t.http('POST', '/api/sites/bulk', { body: { atomic, items } });
    spy.mockRestore();
    expect([status, body.results.every(one => one.status === 201)]).toEqual([200, true]);
    return statements;
  };
  // One asks for the client, one for its custom fields; then one for each hundred rows, one for each five hundred entries,
  // and one for each two thousand terms.
  for (const atomic of [false, true])
    expect([await costOf(100, atomic), await costOf(1000, atomic)]).toEqual([5, 16]);
});

test('who is disabled while the items are prepared stores nothing', async () => {
  const admin = await t.user();
  const items = Array.from({ length: 10 }, (_, n) => ({
    email: `late${n}@canary.test`,
    name: 'Late',
    password: `CANARY quiet lantern ${n} harbour`,
  }));
  const passwords = t.app.get(Passwords);
  const hash = passwords.hash.bind(passwords);
  let begun = () => {};
  let go = () => {};
  const began = new Promise<void>(resolve => (begun = resolve));
  const gone = new Promise<void>(resolve => (go = resolve));
  const preparing = jest.spyOn(passwords, 'hash').mockImplementation(async password => {
    begun();
    await gone;
    return hash(password);
  });
  const answer = t.http('POST', '/api/users/bulk', { token: admin.token, body: { items } });
  await began;
  expect((await t.http('PATCH', `/api/users/${admin.id}`, { body: { is_active: false } })).status).toBe(200);
  go();
  const bulk = await answer;
  preparing.mockRestore();
  expect(bulk.status).toBe(401);
  expect(await t.sql("SELECT email FROM users WHERE email LIKE 'late%'")).toEqual([]);
});
