import { inspect } from 'node:util';
import {
  createOpskeep,
  type Opskeep,
  OpskeepConnectionError,
  OpskeepError,
  type Tokens,
} from '../../sdk/src/index.js';
import { ADMIN_PASSWORD, startApp, type TestApp } from '../app.js';

let t: TestApp;
let url: string;
let opskeep: Opskeep;

beforeAll(async () => {
  t = await startApp();
  url = await t.listen();
  opskeep = createOpskeep({ url, token: t.admin.token });
});
afterAll(() => t.close());

/** What a call was refused with. */
async function refusal(call: Promise<unknown>): Promise<OpskeepError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof OpskeepError)) throw error;
  return error;
}

const count = async (action: string) =>
  Number((await t.sql<{ n: unknown }>('SELECT COUNT(*) AS n FROM journal WHERE action = ?', [action]))[0]?.n);

/** A login whose access token is no token any more. */
async function stale(): Promise<Tokens> {
  const { email, password } = t.admin;
  const { body } = await t.http('POST', '/api/auth/login', { token: null, body: { email, password } });
  return { access_token: 'not.a.token', refresh_token: body.refresh_token, expires_at: Date.now() + 1e7 };
}

function keeping(tokens: Tokens | null) {
  const storage = {
    tokens,
    load: () => storage.tokens,
    save: (now: Tokens | null) => void (storage.tokens = now),
  };
  return storage;
}

describe('calls', () => {
  test('create, read, change and delete', async () => {
    const { data, response } = await opskeep.POST('/api/clients', { body: { name: 'By the SDK' } });
    expect(response.status).toBe(201);
    const path = { id: data.id };
    const { response: read } = await opskeep.GET('/api/clients/{id}', { params: { path } });
    const header = { 'If-Match': read.headers.get('etag') ?? '' };
    const changed = await opskeep.PATCH('/api/clients/{id}', {
      params: { path, header },
      body: { notes: 'x' },
    });
    expect(changed.data.notes).toBe('x');
    const late = opskeep.PUT('/api/clients/{id}', { params: { path, header }, body: { notes: 'y' } });
    expect(await refusal(late)).toMatchObject({ status: 412, code: 'precondition' });
    expect((await opskeep.DELETE('/api/clients/{id}', { params: { path } })).data).toBeUndefined();
  });

  test('open a secret, with the reason that the trail wants', async () => {
    const client_id = await t.client();
    const password = 'CANARY of the SDK';
    const { data: made } = await opskeep.POST('/api/credentials', {
      body: { client_id, credential_type: 'password', service_name: 'Mail', password },
    });
    const path = { id: made.id };
    const header = { 'X-Opskeep-Reason': 'a trial' };
    const { data: opened } = await opskeep.GET('/api/credentials/{id}', { params: { path, header } });
    const revealed = await opskeep.POST('/api/credentials/{id}/reveal', {
      params: { path },
      body: { reason: 'a trial' },
    });
    expect([opened.password, revealed.data.secrets.password]).toEqual([password, password]);
  });

  test('tell an error with everything that the server says of it', async () => {
    const error = await refusal(opskeep.POST('/api/clients', { body: { name: '' } }));
    expect(error).toMatchObject({ name: 'OpskeepError', status: 422, code: 'validation' });
    expect(error.details.errors.map(one => one.field)).toEqual(['name']);
    expect(error.request_id).toMatch(/^[\w-]{36}$/);
  });

  test('send custom fields by their own names', async () => {
    const query = { custom_fields: { 'cf.nobody': 'x' } };
    const error = await refusal(opskeep.GET('/api/sites', { params: { query } }));
    expect(error.details.errors[0]?.field).toBe('cf.nobody');
  });

  test('do not leave the API by an id or a path', async () => {
    for (const id of ['..', '.', '']) {
      const params = { path: { id } };
      await expect(opskeep.GET('/api/sites/by-client/{id}', { params })).rejects.toThrow('not an id');
    }
    const free = opskeep.GET as unknown as (path: string) => Promise<unknown>;
    for (const path of [
      '@evil.example/api/x',
      '.evil.example/api/x',
      '/api/../health',
      '//evil.example/api/',
    ])
      await expect(free(path)).rejects.toMatchObject({ name: 'TypeError' });
  });
});

describe('lists, exports and the feed', () => {
  let client_id: string;
  const names = Array.from({ length: 7 }, (_, index) => `Site ${index}`);
  beforeAll(async () => {
    client_id = await t.client();
    await opskeep.POST('/api/sites/bulk', { body: { items: names.map(name => ({ client_id, name })) } });
  });

  test('pages are asked for one after another, and no more of them than are read', async () => {
    const asked: string[] = [];
    const fetch = (request: Request) => {
      asked.push(request.url);
      return globalThis.fetch(request);
    };
    const watched = createOpskeep({ url, token: t.admin.token, fetch });
    const params = { query: { client_id: [client_id], limit: 3, sort: 'name' } };
    const found: string[] = [];
    for await (const site of watched.pages('/api/sites', { params })) found.push(site.name);
    expect([found, asked.length]).toEqual([names, 3]);
    for await (const _ of watched.pages('/api/sites', { params })) break;
    expect(asked).toHaveLength(4);
    const below = { path: { id: client_id }, query: { limit: 5 } };
    for await (const site of watched.pages('/api/sites/by-client/{id}', { params: below }))
      found.push(site.name);
    expect(found).toHaveLength(14);
  });

  test('an export is a stream, and its rows come one by one', async () => {
    const params = { query: { client_id: [client_id], sort: 'name' } };
    const file = await opskeep.export('/api/sites/export', { params });
    expect(file).toMatchObject({
      name: expect.stringMatching(/^sites-.*\.csv$/) as string,
      type: 'text/csv',
    });
    expect((await new Response(file.stream).text()).trim().split('\n')).toHaveLength(8);
    const found: unknown[] = [];
    for await (const site of opskeep.rows('/api/sites/export', { params })) found.push(site.name);
    expect(found).toEqual(names);
  });

  test('the feed keeps the place behind what the loop is done with', async () => {
    const feed = opskeep.changes({ resources: ['sites'], limit: 4 });
    const told: unknown[] = [];
    let before = feed.after;
    for await (const change of feed) {
      expect(feed.after).toBe(before);
      before = change.seq;
      if (told.push(change.kind) === 6) break;
    }
    for await (const change of opskeep.changes({ after: before, resources: ['sites'] })) {
      told.push(change.kind);
      break;
    }
    expect(told).toEqual(Array(7).fill('created'));
    const whole = opskeep.changes({ after: before, resources: ['sites'], follow: false });
    for await (const change of whole) told.push(change.kind);
    expect(told).toHaveLength(8);
    expect(whole.after).toBeGreaterThan(before);
    const beyond = opskeep.changes({ after: 1_000_000_000 });
    const error = await refusal(beyond[Symbol.asyncIterator]().next());
    expect(error).toMatchObject({ status: 409, code: 'conflict' });
  });

  test('the feed waits until a signal ends it', async () => {
    const stop = new AbortController();
    const { after } = (await opskeep.GET('/api/changes', { params: { query: { limit: 1 } } })).data;
    const feed = opskeep.changes({ after, resources: ['machines'], signal: stop.signal });
    const waiting = feed[Symbol.asyncIterator]().next();
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });
});

describe('logins', () => {
  const login = () => ({ email: t.admin.email, password: ADMIN_PASSWORD });

  test('fifty requests that need another token ask for it once', async () => {
    const before = await count('auth.refresh');
    const storage = keeping(await stale());
    const resumed = createOpskeep({ url, storage });
    await Promise.all(Array.from({ length: 50 }, () => resumed.GET('/api/auth/me')));
    expect([await count('auth.refresh'), await count('auth.refresh_reused')]).toEqual([before + 1, 0]);
    // Another program with the same storage has the token that is there now.
    await createOpskeep({ url, storage }).GET('/api/auth/me');
    expect(await count('auth.refresh')).toBe(before + 1);
    await resumed.logout();
    expect(storage.tokens).toBeNull();
    expect(await refusal(resumed.GET('/api/auth/me'))).toMatchObject({ status: 401 });
  });

  test('a login that is over is made anew, where it can be', async () => {
    const over = { ...(await stale()), refresh_token: 'used up' };
    const storage = keeping(over);
    expect(await refusal(createOpskeep({ url, storage }).GET('/api/auth/me'))).toMatchObject({ status: 401 });
    expect(storage.tokens).toBeNull();
    for (const kept of [
      keeping({ ...over }),
      keeping({ access_token: 7 } as unknown as Tokens),
      keeping(null),
    ]) {
      const again = createOpskeep({ url, storage: kept, login });
      expect((await again.GET('/api/auth/me')).data.email).toBe(t.admin.email);
      expect(kept.tokens?.refresh_token).toMatch(/^\S{40,}$/);
    }
  });

  test('a wrong password is tried once', async () => {
    const { email } = await t.user();
    const failed = await count('auth.login');
    const wrong = createOpskeep({ url, login: { email, password: 'CANARY of the SDK' } });
    const asked = await Promise.all(Array.from({ length: 8 }, () => refusal(wrong.GET('/api/auth/me'))));
    asked.push(await refusal(wrong.GET('/api/auth/me')));
    expect(asked.map(one => one.status)).toEqual(Array(9).fill(401));
    expect(await count('auth.login')).toBe(failed + 1);
    expect(inspect(asked, { depth: 9 })).not.toContain('CANARY');
  });

  test('a token that somebody else looks after is asked for again when it is refused', async () => {
    const tokens = ['not.a.token', t.admin.token];
    const looked = createOpskeep({ url, token: () => tokens.shift() ?? t.admin.token });
    expect((await looked.GET('/api/auth/me')).data.email).toBe(t.admin.email);
    const fixed = createOpskeep({ url, token: 'okt_CANARY' });
    const error = await refusal(fixed.GET('/api/auth/me'));
    expect(error.status).toBe(401);
    expect(inspect(error, { depth: 9 })).not.toContain('CANARY');
  });

  test('nobody answers where nobody is', async () => {
    const nobody = createOpskeep({ url: 'http://127.0.0.1:1', token: 'okt_CANARY', retries: 0 });
    const error: unknown = await nobody.GET('/api/auth/me').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OpskeepConnectionError);
    expect(inspect(error, { depth: 9 })).not.toContain('CANARY');
  });
});
