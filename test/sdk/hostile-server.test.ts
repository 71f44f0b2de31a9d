import type { ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import {
  createOpskeep,
  OpskeepConnectionError,
  type OpskeepError,
  type OpskeepOptions,
} from '../../sdk/src/index.js';
import { Session } from '../../sdk/src/session.js';
import { type Scripted, scripted, type Seen } from '../harness/scripted.js';

const open: Scripted[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(one => one.close()));
});

async function serverThat(answer: (response: ServerResponse, request: Seen) => void): Promise<Scripted> {
  const server = await scripted(answer);
  open.push(server);
  return server;
}

const json = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) =>
  void response
    .writeHead(status, { 'content-type': 'application/json', ...headers })
    .end(JSON.stringify(body));
const fault = (code: string, details: object = {}) => ({
  error: code,
  code,
  details,
  path: '/',
  request_id: null,
});

/** Answers one after another, the last of them again and again. */
const inTurn = (...answers: ((response: ServerResponse) => void)[]) =>
  serverThat(
    (() => {
      let at = 0;
      return response => answers[Math.min(at++, answers.length - 1)]?.(response);
    })(),
  );
const busy = (status: number, wait?: string) => (response: ServerResponse) =>
  json(
    response,
    status,
    fault(status === 429 ? 'rate_limited' : 'unavailable'),
    wait === undefined ? {} : { 'retry-after': wait },
  );
const fine = (response: ServerResponse) => json(response, 201, { id: 'x' });
const page = (response: ServerResponse) => json(response, 200, { items: [{}], next: 'again' });

const clientOf = ({ url }: Scripted, more: Partial<OpskeepOptions> = {}) =>
  createOpskeep({ url, token: 'okt_CANARY', ...more });
const create = (client: ReturnType<typeof clientOf>, init: { signal?: AbortSignal } = {}) =>
  client.POST('/api/clients', { body: { name: 'a' }, ...init });
const reasonOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (reason: unknown) => reason as OpskeepError,
  );

test('429 and 503 are tried again, with the key of the first attempt', async () => {
  const server = await inTurn(busy(429, '0'), busy(503, new Date(0).toUTCString()), fine);
  await create(clientOf(server));
  await create(clientOf(server));
  const keys = server.seen.map(one => one.headers['idempotency-key']);
  expect(keys).toEqual([keys[0], keys[0], keys[0], expect.not.stringContaining(String(keys[0]))]);
  expect(server.seen.map(one => one.body)).toEqual(Array(4).fill('{"name":"a"}'));
  expect(server.seen.map(one => one.headers.authorization)).toEqual(Array(4).fill('Bearer okt_CANARY'));
  await clientOf(server).POST('/api/clients', {
    body: { name: 'a' },
    params: { header: { 'Idempotency-Key': 'mine' } },
  });
  expect(server.seen.at(-1)?.headers['idempotency-key']).toBe('mine');
});

test('not for ever, not for longer than one waits, and not what was done', async () => {
  const server = await inTurn(busy(503, '0'));
  expect(await reasonOf(create(clientOf(server, { retries: 2 })))).toMatchObject({
    status: 503,
    retry_after: 0,
  });
  expect(server.seen).toHaveLength(3);
  const patient = await inTurn(busy(429, '999999'));
  expect(await reasonOf(create(clientOf(patient)))).toMatchObject({
    code: 'rate_limited',
    retry_after: 999_999,
  });
  expect(patient.seen).toHaveLength(1);
  const broken = await inTurn(response => json(response, 500, fault('internal')));
  expect(await reasonOf(create(clientOf(broken)))).toMatchObject({ status: 500, code: 'internal' });
  expect(broken.seen).toHaveLength(1);
});

test('a signal ends the waiting', async () => {
  const stop = new AbortController();
  const server = await inTurn(response => {
    busy(429, '50')(response);
    response.on('finish', () => stop.abort(new Error('enough')));
  });
  expect(await reasonOf(create(clientOf(server), { signal: stop.signal }))).toMatchObject({
    message: 'enough',
  });
  expect(
    await reasonOf(create(clientOf(server), { signal: AbortSignal.abort(new Error('never')) })),
  ).toMatchObject({ message: 'never' });
  expect(server.seen).toHaveLength(1);
});

test('a GET without an answer is asked again, and nothing that writes', async () => {
  const server = await inTurn(response => response.destroy(), page);
  await clientOf(server).GET('/api/clients');
  expect(server.seen).toHaveLength(2);
  const gone = await inTurn(response => response.destroy());
  expect(await reasonOf(create(clientOf(gone)))).toBeInstanceOf(OpskeepConnectionError);
  expect(gone.seen).toHaveLength(1);
});

test.each([301, 302, 303, 307, 308])(
  'a redirect of %i takes neither token nor password along',
  async status => {
    const thief = await inTurn(fine);
    const server = await inTurn(
      response => void response.writeHead(status, { location: `${thief.url}/api/auth/login` }).end(),
    );
    const login = { email: 'a@b.example', password: 'CANARY password' };
    for (const client of [clientOf(server), clientOf(server, { token: undefined, login })]) {
      const reason = await reasonOf(create(client));
      expect(reason).toBeInstanceOf(OpskeepConnectionError);
      expect(inspect(reason, { depth: 9 })).not.toContain('CANARY');
    }
    expect(thief.seen).toEqual([]);
  },
);

test('a 401 that is not about the token is asked for once', async () => {
  const server = await inTurn(response =>
    json(response, 401, fault('authentication', { otp_required: true })),
  );
  let asked = 0;
  const ask = () => `okt_CANARY${asked++}`;
  expect(await reasonOf(create(clientOf(server, { token: ask })))).toMatchObject({ status: 401 });
  expect(server.seen).toHaveLength(1);
  expect(
    await reasonOf(clientOf(server).POST('/api/auth/totp/enroll', { body: { password: 'x' } })),
  ).toMatchObject({ status: 401 });
  expect(server.seen.at(-1)?.headers['idempotency-key']).toBeUndefined();
});

test('answers that are not of Opskeep are errors all the same', async () => {
  const gateway = await inTurn(response => void response.writeHead(502).end('<h1>CANARY of a gateway</h1>'));
  expect(await reasonOf(create(clientOf(gateway)))).toMatchObject({
    status: 502,
    code: 'unreadable',
    details: { errors: [] },
  });
  const odd = await inTurn(response => json(response, 400, { error: { a: 1 }, code: 7, details: null }));
  expect(await reasonOf(create(clientOf(odd)))).toMatchObject({ status: 400, code: 'unreadable' });
  const half = await inTurn(response =>
    json(response, 404, { error: 'gone', code: 'not_found', details: { errors: 'none' } }),
  );
  expect(await reasonOf(create(clientOf(half)))).toMatchObject({
    code: 'not_found',
    details: { errors: [] },
    request_id: null,
  });
});

test('pages that never end are noticed', async () => {
  const server = await inTurn(page);
  const read = async () => {
    for await (const _ of clientOf(server).pages('/api/clients'));
  };
  expect(await reasonOf(read())).toMatchObject({ message: 'The server gave the same page twice' });
  expect(server.seen).toHaveLength(2);
});

test('an export that is cut off is no whole one', async () => {
  const server = await inTurn(response => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write('{"name":"a"}\n{"na', () => response.destroy());
  });
  const rows: unknown[] = [];
  const read = async () => {
    for await (const row of clientOf(server).rows('/api/sites/export')) rows.push(row);
  };
  expect(await reasonOf(read())).toMatchObject({ name: 'TypeError' });
  expect(rows).toEqual([{ name: 'a' }]);
});

test('a prefix of the url is kept, and what is no url of a server is refused', async () => {
  const server = await inTurn(page);
  await createOpskeep({ url: `${server.url}/tools/opskeep/`, token: 'x' }).GET('/api/clients', {
    params: { query: { name__in: ['a', 'b'] } },
  });
  expect(server.seen[0]?.url).toBe('/tools/opskeep/api/clients?name__in=a&name__in=b');
  for (const url of [
    'ftp://a.example',
    'https://user:CANARY@a.example',
    'https://a.example?x=1',
    'https://a.example#x',
    'nowhere',
  ])
    expect(() => createOpskeep({ url })).toThrow(/url/i);
});

test.each(['okt_CANARY\nx', 'okt_CANARY\0', 'okt_CANARY ü', ''])(
  'a token that no header may hold is not told',
  async token => {
    const server = await inTurn(fine);
    const call = (headers: Record<string, string>) =>
      clientOf(server).POST('/api/clients', { body: { name: 'a' }, headers });
    const told = [
      await reasonOf(create(clientOf(server, { token }))),
      await reasonOf(create(clientOf(server, { token: () => token }))),
      ...(token.length > 11 ? [await reasonOf(call({ authorization: `Bearer ${token.replace('ü', '…')}` }))] : []),
    ];
    for (const reason of told) {
      expect([reason?.name, reason?.cause]).toEqual(['TypeError', undefined]);
      expect(inspect(reason, { depth: 9 })).not.toContain('CANARY');
    }
    expect(server.seen).toEqual([]);
    await create(clientOf(server, { token: 'okt_CANARY\n' }));
    expect(server.seen[0]?.headers.authorization).toBe('Bearer okt_CANARY');
  },
); // prettier-ignore

test('a login that is forgotten stays so, whatever a refresh under way brings', async () => {
  const saved: unknown[] = [];
  const storage = {
    load: () => ({ access_token: 'old', refresh_token: 'old', expires_at: 0 }),
    save: (tokens: unknown) => void saved.push(tokens),
  };
  const tokens = { access_token: 'CANARY', refresh_token: 'CANARY', expires_in: 900 };
  const answers: ((status: number) => void)[] = [];
  const ask = (path: string) =>
    new Promise<Response>(answer => {
      asked.push(path);
      answers.push(status => answer(Response.json(status === 200 ? tokens : fault('authentication'), { status })));
    });
  const asked: string[] = [];
  const login = { email: 'a@b.example', password: 'CANARY' };
  for (const status of [200, 401, 503]) {
    const session = new Session({ storage, login }, ask, `a test of ${status}`);
    const waiting = session.token();
    while (answers.length === 0) await new Promise(resolve => setImmediate(resolve));
    await session.forget();
    answers.pop()?.(status);
    expect([status, await waiting, saved.splice(0)]).toEqual([status, undefined, [null]]);
  }
  expect(asked).toEqual(Array(3).fill('/api/auth/refresh'));
}); // prettier-ignore

test('a path whose id is missing is not asked for', async () => {
  const server = await inTurn(page);
  const get = clientOf(server).GET as unknown as (path: string, init?: object) => Promise<unknown>;
  for (const params of [undefined, {}, { path: {} }, { path: { id: undefined } }, { path: { id: null } }])
    await expect(get('/api/clients/{id}', { params })).rejects.toThrow('The id of /api/clients/{id}');
  await expect(get('/api/clients/{id}')).rejects.toThrow('not an id');
  expect(server.seen).toEqual([]);
});

test('a feed that does not go on is not asked for without a pause', async () => {
  const stuck = { items: [], after: 3, head: 9 };
  const server = await inTurn(response => json(response, 200, stuck));
  for await (const _ of clientOf(server).changes({ after: 3, follow: false }));
  expect(server.seen).toHaveLength(1);
  const stop = new AbortController();
  const many = await serverThat(response => {
    if (many.seen.length === 2) stop.abort(new Error('enough'));
    json(response, 200, stuck);
  });
  const began = performance.now();
  const read = async () => {
    for await (const _ of clientOf(many).changes({ after: 3, signal: stop.signal }));
  };
  expect(await reasonOf(read())).toMatchObject({ message: 'enough' });
  expect([many.seen.length, performance.now() - began > 900]).toEqual([2, true]);
});
