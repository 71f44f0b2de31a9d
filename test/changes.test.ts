import type { Change, ChangesInit } from '../sdk/src/index.js';
import { startApp, type Body, type TestApp, type TestUser } from './app.js';
import { sdkOf } from './harness/sdk.js';
import type { Scope } from '../src/core/context/actor.js';
import { Sequencer } from '../src/core/audit/seals/sequencer.js';

let t: TestApp;
beforeAll(async () => void (t = await startApp()));
afterAll(() => t.close());

const seal = () => t.app.get(Sequencer).sealNow();
const ask = (query: string, user: TestUser = t.admin) =>
  t.http('GET', `/api/changes?${query}`, { token: user.token });

/** The place behind everything that has happened by now. */
async function head(): Promise<number> {
  await seal();
  return (await ask('limit=1')).body.head as number;
}

/** What was told behind a place, page by page. */
async function told(after: number, user = t.admin, more: ChangesInit = {}): Promise<Change[]> {
  await seal();
  const all: Change[] = [];
  const feed = sdkOf(t.app, user.token).changes({ after, follow: false, ...more });
  for await (const change of feed) all.push(change);
  return all;
}

const steps = (all: Change[], id: string) =>
  all.filter(one => one.id === id).map(({ kind, version }) => [kind, version]);
const patch = (path: string, body: Body) => t.http('PATCH', path, { body });

describe('what became of rows', () => {
  it('comes in the order of the trail, with values before and after', async () => {
    const from = await head();
    const site = await t.make('sites', { name: 'Quay' });
    await patch(`/api/sites/${site.id}`, { name: 'Harbour' });
    await t.http('DELETE', `/api/sites/${site.id}`);
    const all = await told(from, undefined, { limit: 1, resources: ['sites'] });
    expect(
      all.map(({ resource, id, kind, version, is_complete, changes: { name } }) => ({
        resource,
        id,
        kind,
        version,
        is_complete,
        name,
      })),
    ).toEqual([
      {
        resource: 'sites',
        id: site.id,
        kind: 'created',
        version: 1,
        is_complete: true,
        name: [null, 'Quay'],
      },
      {
        resource: 'sites',
        id: site.id,
        kind: 'updated',
        version: 2,
        is_complete: true,
        name: ['Quay', 'Harbour'],
      },
      {
        resource: 'sites',
        id: site.id,
        kind: 'deleted',
        version: 2,
        is_complete: true,
        name: ['Harbour', null],
      },
    ]);
    const places = all.map(one => one.seq);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it('tells of no secret and of nothing that an answer does not hold', async () => {
    const from = await head();
    await t.make('credentials', { password: 'CANARY of a change', credential_type: 'password' });
    await t.user();
    const text = JSON.stringify(await told(from));
    for (const word of ['CANARY of a change', 'password_hash', 'secret_version', 'sealed'])
      expect(text).not.toContain(word);
  });

  it('says where a long text was cut', async () => {
    const from = await head();
    const long = await t.make('sites', { notes: 'n'.repeat(65_000) });
    expect((await told(from)).find(one => one.id === long.id)).toMatchObject({
      kind: 'created',
      is_complete: false,
    });
  });

  it.each([
    'after=-1',
    'after=x',
    'limit=0',
    'limit=1001',
    'wait=31',
    'resources=passwords',
    'resources=',
    'since=1',
    'after=1&after=2',
  ])('refuses ?%s', async query => {
    expect((await ask(query)).status).toBe(422);
  });

  it('has nothing behind its head, and says so to who asks beyond', async () => {
    const at = await head();
    const beyond = await ask(`after=${at + 1}`);
    expect([beyond.status, beyond.body.details.head]).toEqual([409, at]);
    expect((await ask(`after=${at}`)).body).toEqual({ items: [], after: at, head: at });
  });
});

describe('who sees some clients', () => {
  it('is told of a row that leaves them as deleted, and of one that comes as created', async () => {
    const [mine, other] = [await t.client(), (await t.make('clients')).id];
    const user = await t.user({ client_access: 'only', client_ids: [mine] });
    const from = await head();
    const contact = await t.make('contacts', { client_id: mine, name: 'Anna' });
    const hidden = await t.make('contacts', { client_id: other, name: 'CANARY hidden' });
    await patch(`/api/contacts/${contact.id}`, { client_id: other });
    await patch(`/api/contacts/${contact.id}`, { name: 'CANARY of another client' });
    const left = await told(from, user);
    expect(steps(left, contact.id)).toEqual([['deleted', 2]]);
    expect(steps(left, hidden.id)).toEqual([]);
    expect(JSON.stringify(left)).not.toContain('CANARY');
    expect(JSON.stringify(left)).not.toContain(other);
    await patch(`/api/contacts/${contact.id}`, { client_id: mine });
    const back = (await told(from, user)).filter(one => one.id === contact.id);
    expect(back.map(one => [one.kind, one.version, one.is_complete])).toEqual([
      ['created', 1, true],
      ['deleted', 2, true],
      ['created', 4, false],
    ]);
    expect(JSON.stringify(back)).not.toContain('CANARY');
    await t.http('DELETE', `/api/contacts/${contact.id}`);
    expect((await told(from, user)).filter(one => one.id === contact.id).at(-1)).toMatchObject({
      kind: 'deleted',
    });
  });

  it('learns nothing of private credentials of others, not that they are gone', async () => {
    const scopes: Scope[] = ['msp:read', 'msp:write'];
    const [owner, user] = [await t.user(), await t.user({ scopes })];
    const from = await head();
    const body = {
      credential_type: 'password',
      service_name: 'CANARY mail',
      password: 'CANARY x',
      visibility: 'private',
    };
    const made = await t.http('POST', '/api/credentials', { token: owner.token, body });
    expect(made.status).toBe(201);
    expect(steps(await told(from, owner), made.body.id)).toEqual([['created', 1]]);
    expect(steps(await told(from, user), made.body.id)).toEqual([]);
    await t.http('DELETE', `/api/credentials/${made.body.id}`, { token: owner.token });
    expect(steps(await told(from, owner), made.body.id).at(-1)).toEqual(['deleted', 1]);
    expect(steps(await told(from, user), made.body.id)).toEqual([]);
  });

  it('is told of the end of a grant of theirs, and of no grant and no credential of others', async () => {
    const [holder, other] = [await t.user({ scopes: ['msp:read'] }), await t.user({ scopes: ['msp:read'] })];
    const credential = await t.make('credentials', { client_id: await t.client() });
    const grant = { credential_id: credential.id, client_id: null, user_id: holder.id, level: 'view' };
    const { id } = await t.make('credential-permissions', grant);
    const from = await head();
    await t.http('DELETE', `/api/credentials/${credential.id}`);
    expect((await told(from, holder)).map(one => [one.id, one.kind])).toEqual([[id, 'deleted']]);
    expect(await told(from, other)).toEqual([]);
  });

  it('is told what the token that asks is for', async () => {
    const from = await head();
    await t.make('sites');
    const token = await t.http('POST', '/api/access-tokens', {
      body: { name: 'Sync', scopes: ['msp:read'], resources: ['changes', 'contacts'] },
    });
    expect(token.status).toBe(201);
    const user = { ...t.admin, token: token.body.token as string };
    await t.make('contacts');
    expect(new Set((await told(from, user)).map(one => one.resource))).toEqual(new Set(['contacts']));
  });
});

describe('waiting', () => {
  it('ends with the first change', async () => {
    const at = await head();
    const waiting = ask(`after=${at}&wait=30&resources=tags`);
    await new Promise(done => setTimeout(done, 50));
    const tag = await t.make('tags');
    expect((await waiting).body.items).toMatchObject([{ resource: 'tags', id: tag.id }]);
  });

  it('ends when its time is over', async () => {
    const at = await head();
    expect((await ask(`after=${at}&wait=1&resources=tags`)).body.items).toEqual([]);
  });

  it('is refused to who waits too often, and ends for a login that has ended', async () => {
    const user = await t.user();
    const at = await head();
    const asked = Array.from({ length: 12 }, () => ask(`after=${at}&wait=3&resources=tags`, user));
    // Two are refused at once; the others wait.
    await Promise.race(
      asked.map(async one => ((await one).status === 429 ? undefined : new Promise(() => undefined))),
    );
    await t.http('POST', '/api/auth/logout-all', { token: user.token });
    await t.make('tags');
    const statuses = (await Promise.all(asked)).map(one => one.status).sort();
    expect(statuses).toEqual([...Array<number>(10).fill(401), 429, 429]);
  });
});

describe('a copy that follows', () => {
  const KEPT = ['name', 'email', 'client_id', 'title', 'status', 'notes'];
  type Copy = Map<string, Body>;

  /** What one row is after a change, as a program would keep it. */
  async function apply(copy: Copy, change: Change, user: TestUser): Promise<void> {
    const key = `${change.resource}/${change.id}`;
    const known = copy.get(key);
    // Whoever has read the row meanwhile is ahead.
    if (known && Number(change.version) < Number(known.version)) return;
    if (change.kind === 'deleted') return void copy.delete(key);
    if (known?.version === change.version) return;
    const after = Object.fromEntries(
      Object.entries(change.changes).map(([name, [, value]]) => [name, value]),
    );
    copy.set(key, { ...known, ...after, version: change.version });
    if (change.is_complete) return;
    const { status, body } = await t.http('GET', `/api/${key}`, { token: user.token });
    // What is gone again by now is told further on.
    if (status === 200) copy.set(key, body);
  }

  async function follow(user: TestUser, from: number, isOver: () => boolean): Promise<Copy> {
    const copy: Copy = new Map();
    const versions = new Map<string, number>();
    for (let after = from; ;) {
      const over = isOver();
      if (over) await seal();
      const { body } = await ask(`after=${after}&limit=7&wait=1&resources=sites,contacts`, user);
      for (const change of body.items as unknown as Change[]) {
        expect(change.version).toBeGreaterThanOrEqual(versions.get(change.id) ?? 1);
        versions.set(change.id, Number(change.version));
        await apply(copy, change, user);
      }
      after = body.after as number;
      if (over && after === body.head) return copy;
    }
  }

  async function listed(user: TestUser, since: string): Promise<Copy> {
    const rows: Copy = new Map();
    for (const path of ['sites', 'contacts']) {
      const { body } = await t.http('GET', `/api/${path}?limit=1000&created_at__gte=${since}`, {
        token: user.token,
      });
      for (const row of body.items as Body[]) rows.set(`${path}/${String(row.id)}`, row);
    }
    return rows;
  }

  const plain = (copy: Copy) =>
    Object.fromEntries(
      [...copy]
        .map(
          ([key, row]) =>
            [key, Object.fromEntries(['version', ...KEPT].map(name => [name, row[name] ?? null]))] as const,
        )
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );

  it('holds in the end what the lists show, for each who asks, while eight write', async () => {
    const clients = [await t.client(), (await t.make('clients')).id, (await t.make('clients')).id];
    const only = await t.user({ client_access: 'only', client_ids: clients.slice(0, 1) });
    const except = await t.user({ client_access: 'except', client_ids: clients.slice(0, 1) });
    const since = new Date(Date.now() - 1).toISOString();
    const from = await head();
    let over = false;
    const users = [t.admin, only, except];
    const copies = users.map(user => follow(user, from, () => over));
    const write = async (writer: number) => {
      const mine: string[] = [];
      for (let step = 0; step < 30; step++) {
        const path = ['sites', 'contacts'][(writer + step) % 2] as string;
        const client_id = clients[(writer * 7 + step) % 3];
        const row = `/api/${mine[(step * 5) % Math.max(1, mine.length)] ?? ''}`;
        if (step % 3 === 0 || mine.length === 0)
          mine.push(`${path}/${(await t.make(path, { client_id, name: `Row ${writer}-${step}` })).id}`);
        else if (step % 7 === 5) await t.http('DELETE', row);
        else if (step % 2 === 1) await patch(row, { client_id });
        else await patch(row, { name: `Row ${writer}-${step} anew` });
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)));
    over = true;
    const followed = await Promise.all(copies);
    for (const [at, user] of users.entries())
      expect(plain(followed[at] as Copy)).toEqual(plain(await listed(user, since)));
  });
});
