import { Controller, Delete, Patch, Post } from '@nestjs/common';
import { checkRights } from '../src/commands/doctor/check-rights.js';
import { Authenticated } from '../src/core/http/access.decorators.js';
import { ChangesNothing } from '../src/core/audit/audit-cover.js';
import { Logins } from '../src/core/access/tokens/logins.js';
import { systemActor } from '../src/core/context/actor.js';
import { runAs } from '../src/core/context/request-context.js';
import type { Row } from '../src/core/database/sql.js';
import { Units } from '../src/core/database/units.js';
import { OwnUnits } from '../src/core/requests/unit.interceptor.js';
import { type Answer, type Body, startApp, type TestApp } from './app.js';
import { RESOURCES } from './harness/all-resources.js';
import { checksums } from './harness/checksums.js';
import { everyRoute, type Route } from './harness/every-route.js';
import { query } from './harness/query.js';

/** Routes whose author has thought of everything but the trail. */
@Controller('api/synthetic')
class Synthetic {
  constructor(private readonly units: Units) {}

  private rename(name: string): Promise<number> {
    return this.units.sql.change('UPDATE tags SET color = ?', [name]);
  }

  @Post('change/:id')
  @Authenticated()
  async change() {
    await this.rename('#000001');
    return { id: 'not this one' };
  }

  @Post('own')
  @Authenticated()
  @OwnUnits()
  own() {
    return this.units.run(() => this.rename('#000002'));
  }

  @Post('lying')
  @Authenticated()
  @ChangesNothing()
  lying() {
    return this.rename('#000003');
  }

  @Post('elsewhere')
  @Authenticated()
  elsewhere() {
    return { id: 'something-outside' };
  }

  @Patch('nothing')
  @Authenticated()
  async nothing() {
    return (await this.units.sql.select('SELECT 1 AS one')).length;
  }

  @Delete('faulty')
  @Authenticated()
  async faulty() {
    await this.rename('#000004');
    throw new Error('CANARY inside');
  }
}

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ controllers: [Synthetic], settings: { LOG_LEVEL: 'silent' } });
  await t.make('tags');
});
afterAll(() => t.close());

const entriesOf = ({ headers }: Answer, of = t) =>
  of.sql<Row>('SELECT * FROM journal WHERE request_id = ? ORDER BY n', [headers['x-request-id'] ?? '']);
const colour = async () => (await t.sql<{ color: string }>('SELECT color FROM tags'))[0]?.color;

describe('a route that records nothing', () => {
  test.each([
    ['POST', '/api/synthetic/change/7', 'POST /api/synthetic/change/:id', '#000001'],
    ['POST', '/api/synthetic/own', 'POST /api/synthetic/own', '#000002'],
    ['POST', '/api/synthetic/lying', 'POST /api/synthetic/lying', '#000003'],
  ])('%s %s is recorded in the transaction of its change', async (method, path, action, changed) => {
    const answer = await t.http(method, path);
    expect([answer.status, await colour()]).toEqual([201, changed]);
    expect(await entriesOf(answer)).toMatchObject([
      { action, outcome: 'ok', actor_id: t.admin.id, details: JSON.stringify({ route: action }) },
    ]);
    const url = t.opened.settings.DATABASE_URL.reveal();
    const away = url.startsWith('sqlite:')
      ? "SELECT RAISE(ABORT, 'away'); END"
      : "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'away'; END";
    await t.change("UPDATE tags SET color = '#ffffff'");
    await query(url, `CREATE TRIGGER journal_away BEFORE INSERT ON journal FOR EACH ROW BEGIN ${away}`);
    const refused = await t.http(method, path);
    await query(url, 'DROP TRIGGER journal_away');
    expect([refused.status, await colour()]).toEqual([503, '#ffffff']);
  });

  test('is recorded when what it changed is in no table of ours, with the id that it answers', async () => {
    expect(await entriesOf(await t.http('POST', '/api/synthetic/elsewhere'))).toMatchObject([
      { action: 'POST /api/synthetic/elsewhere', outcome: 'ok', resource_id: 'something-outside' },
    ]);
  });

  test('leaves no entry when it is an update that found nothing to change', async () => {
    const answer = await t.http('PATCH', '/api/synthetic/nothing');
    expect([answer.status, await entriesOf(answer)]).toEqual([200, []]);
  });

  test('and fails is recorded as failed, and changes nothing', async () => {
    const before = await colour();
    const answer = await t.http('DELETE', '/api/synthetic/faulty');
    expect([answer.status, await colour()]).toEqual([500, before]);
    expect(await entriesOf(answer)).toMatchObject([
      { action: 'DELETE /api/synthetic/faulty', outcome: 'failed' },
    ]);
  });
});

/** Bodies of actions, by the end of their path; without one an empty object is sent. */
const BODIES: Record<string, Body> = {
  rotate: { value: 'CANARY rotated' },
  strength: { password: 'CANARY judged' },
  timeline: { kind: 'note', text: 'seen' },
  deadlines: { label: 'Tell the insurer', due_at: '2031-01-01T00:00:00Z' },
};

async function bodyOf(t: TestApp, { method, path, url }: Route): Promise<Body | undefined> {
  if (method === 'DELETE') return undefined;
  const [, , resource = '', ...rest] = path.split('/');
  if (rest.length === 0) return t.body(resource);
  if (rest[0] === 'bulk') return { items: [await t.body(resource)] };
  if (path.endsWith('/{id}')) {
    const { status, body } = await t.http('GET', url);
    const field = ['notes', 'name', 'title', 'description', 'label'].find(name => name in body);
    return status === 200 && field ? { [field]: `changed by ${method}` } : {};
  }
  if (resource === 'credentials' && rest.at(-1) === 'reveal') {
    const ids = [(await t.make('credentials')).id];
    return { reason: 'every route', ...(rest.length === 1 ? { ids } : {}) };
  }
  return BODIES[rest.at(-1) ?? ''] ?? {};
}

async function expectEntries(t: TestApp): Promise<void> {
  const { routes } = await everyRoute(t);
  const writing = routes.filter(({ method, path }) => method !== 'GET' && !path.includes('/auth/'));
  // Actions come after changes: what was submitted or closed cannot be changed any more.
  const order = ['POST', 'PUT', 'PATCH', 'action', 'DELETE'];
  const kindOf = ({ method, path }: Route) => order.indexOf(method === 'POST' && path.includes('{id}') ? 'action' : method); // prettier-ignore
  writing.sort((a, b) => kindOf(a) - kindOf(b));
  const recorded: string[] = [];
  const silent: string[] = [];
  for (const route of writing) {
    const body = await bodyOf(t, route);
    const before = await checksums(t);
    const answer = await t.http(route.method, route.url, { body });
    if (answer.status >= 300) continue;
    if ((await entriesOf(answer, t)).length > 0) recorded.push(route.name);
    else {
      silent.push(route.name);
      expect([route.name, await checksums(t)]).toEqual([route.name, before]);
    }
  }
  expect(silent).toContain('POST /api/credentials/strength');
  const open = writing.filter(
    one => !one.operation['x-changes-nothing'] && /^(POST|DELETE)$/.test(one.method),
  );
  expect(silent.filter(name => open.some(one => one.name === name))).toEqual([]);
  const uniform = RESOURCES.flatMap(([path]) => [`POST /api/${path}`, `PATCH /api/${path}/{id}`]);
  const done = new Set([...recorded, ...silent]);
  expect(uniform.filter(name => writing.some(one => one.name === name) && !done.has(name))).toEqual([]);
  expect(recorded.length / writing.length).toBeGreaterThan(0.7);
}

test('of every writing route that succeeds there is an entry, or nothing is different', async () => {
  const other = await startApp();
  try {
    await expectEntries(other);
    // What none of them has told of would be taken for a change behind the trail.
    expect(await checkRights({ main: other.opened.database })).toMatchObject([{ level: 'ok' }]);
  } finally {
    await other.close();
  }
});

test('an update that repeats what is stored leaves no entry, and the row as it is', async () => {
  const row = await t.make('credentials', { notes: 'same', tags: ['vip'] });
  for (const body of [{}, { notes: 'same' }, { service_name: row.service_name, tags: ['vip'] }]) {
    const answer = await t.http('PATCH', `/api/credentials/${row.id}`, { body });
    expect([answer.status, answer.body.version]).toEqual([200, 1]);
    expect(await entriesOf(answer)).toEqual([]);
  }
});

describe('outside of requests', () => {
  const newest = async () => (await t.sql<Row>('SELECT * FROM journal ORDER BY n DESC LIMIT 1'))[0];

  test('a job or command that records nothing is recorded, with what is known of it', async () => {
    const details = { command: 'opskeep admin canary', os_user: 'canary' };
    const units = t.app.get(Units);
    const work = () => units.run(() => units.sql.change("UPDATE tags SET color = '#000005'"));
    await runAs(systemActor('command line'), work, details);
    expect(await newest()).toMatchObject({
      action: 'system.change',
      actor_type: 'system',
      actor_id: 'command line',
      details: JSON.stringify(details),
    });
    const { n } = (await newest())!;
    await runAs(systemActor('command line'), () => units.run(() => units.sql.select('SELECT 1')), details);
    expect((await newest())?.n).toBe(n);
  });

  test('so is what the cleanup takes away, and it is silent when there is nothing', async () => {
    const user = await t.user();
    const past = '2020-01-01 00:00:00.000';
    await t.change('UPDATE logins SET expires_at = ? WHERE user_id = ?', [past, user.id]);
    await t.app.get(Logins).forgetOld();
    const entry = await newest();
    expect(entry).toMatchObject({
      action: 'auth.logins_expired',
      actor_id: 'cleanup',
      details: '{"count":1}',
    });
    await t.app.get(Logins).forgetOld();
    expect((await newest())?.n).toBe(entry?.n);
  });
});
