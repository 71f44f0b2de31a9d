import { type Answer, type Body, type RequestOptions, startApp, type TestApp } from './app.js';
import { unique } from './factories.js';

let t: TestApp;
/** Acme Dental, and its credentials by their handles. */
let acme: string;
let wall: string;
let token: string;
beforeAll(async () => {
  t = await startApp();
  acme = (await t.make('clients', { name: 'Acme Dental' })).id;
  wall = await credential({
    client_id: acme, name: 'firewall', service_name: 'FortiGate', username: 'admin', password: 'CANARY wall 1',
    external_url: 'https://wall.acme.example', custom_port: 8443, notes: 'In the cellar', totp_secret: 'JBSWY3DPEHPK3PXP',
  }); // prettier-ignore

  token = await tokenFor([wall]);
});
afterAll(() => t.close());

const credential = async (given: Body): Promise<string> => (await t.make('credentials', given)).id;
const tokenFor = async (ids: string[], more: Body = {}): Promise<string> => {
  const given = { name: 'playbook', scopes: ['msp:read'], credential_ids: ids, actions: ['reveal'], ...more };
  return String((await t.make('access-tokens', given)).token);
};

interface KvBody {
  errors?: string[];
  data: Body & { data: Body; metadata: Body; keys: string[] };
}
const ask = async (path: string, more: RequestOptions & { by?: string } = {}) => {
  const { by = token, ...options } = more;
  const headers = { 'x-vault-token': by, ...options.headers };
  const answer: Answer = await t.http('GET', `/v1/${path}`, { token: null, ...options, headers });
  return { ...answer, body: answer.body as unknown as KvBody };
};
const keysOf = async (path: string, by?: string) =>
  (await ask(`secret/metadata/${path}?list=true`, { by })).body.data.keys;
const WALL = 'secret/data/Acme%20Dental/firewall';
const entriesOf = (id: string) =>
  t.sql<{ action: string; outcome: string; actor_type: string; details: string }>(
    'SELECT action, outcome, actor_type, details FROM journal WHERE resource_id = ? ORDER BY n', [id],
  ); // prettier-ignore

test('a secret comes with what is needed to use it, and is on the trail', async () => {
  const {
    status,
    headers,
    body: { data },
  } = await ask(WALL);
  expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
  expect(data.data).toEqual({
    username: 'admin', password: 'CANARY wall 1', external_url: 'https://wall.acme.example', custom_port: 8443,
  }); // prettier-ignore
  expect(data.metadata).toMatchObject({
    version: 1, destroyed: false, deletion_time: '', created_time: expect.stringMatching(/Z$/) as string,
    custom_metadata: { id: wall, client_id: acme, name: 'firewall', service_name: 'FortiGate', credential_type: 'password' },
  }); // prettier-ignore
  const last = (await entriesOf(wall)).at(-1);
  expect(last).toMatchObject({ action: 'credential.decrypt', outcome: 'ok', actor_type: 'token' });
  expect(JSON.parse(last?.details ?? '')).toMatchObject({ fields: ['password'], kv: true });
});

test('metadata are told without the secret, and are on the trail as well', async () => {
  const { status, body } = await ask('secret/metadata/Acme%20Dental/firewall');
  expect([status, JSON.stringify(body).includes('CANARY')]).toEqual([200, false]);
  expect(body.data).toMatchObject({ current_version: 1, versions: { 1: { destroyed: false } } });
  expect((await entriesOf(wall)).at(-1)).toMatchObject({ action: 'credential.view', outcome: 'ok' });
});

/** What clients make of a path: escapes in it are encoded once more (hvac), or are left as they are (Ansible, curl). */
const ENCODERS = [encodeURI, (path: string) => encodeURI(path).replaceAll('%25', '%')];

describe('a path', () => {
  test.each([
    ['names', 'Acme%20Dental/firewall'],
    ['another spelling of the client', 'ACME%20dental/firewall'],
    ['the service', 'Acme%20Dental/FortiGate'],
    ['escapes which the client has encoded once more', 'Acme%2520Dental/firewall'],
    ['ids', () => `${acme}/${wall.toUpperCase()}`],
  ])('may have %s', async (_what, given) => {
    const path = typeof given === 'string' ? given : given();
    expect((await ask(`secret/data/${path}`)).body.data.data.username).toBe('admin');
    expect((await ask(`secret/metadata/${path}`)).status).toBe(200);
  });

  test.each(['Rote/Blaue GmbH', '100% Zürich & Söhne?', '東京 #1', 'a%2Fb', '..', 'pool', '%'])(
    'that a list names leads to the secret, encoded once or twice: %s',
    async name => {
      const before = await keysOf('', t.admin.token);
      const client_id = (await t.make('clients', { name })).id;
      const ids: string[] = [];
      for (const handle of [name, null]) {
        const about = { name: handle, service_name: `${name} \\ 2`, username: String(handle) };
        ids.push(await credential({ client_id, ...about }));
      }
      const by = await tokenFor(ids);
      const [place = ''] = (await keysOf('', by)).filter(key => !before.includes(key));
      for (const encode of ENCODERS) {
        const keys = await keysOf(encode(place), by);
        const found = await Promise.all(
          keys.map(key => ask(`secret/data/${encode(`${place}${key}`)}`, { by })),
        );
        expect(found.map(one => one.body.data.data.username).sort()).toEqual([name, 'null'].sort());
      }
    },
  );

  test('leads into the pool, and to what is one’s own', async () => {
    const ids = [
      await credential({ client_id: null, visibility: 'pool', name: 'mail', username: 'pooled' }),
      await credential({ client_id: null, visibility: 'private', service_name: 'mail', username: 'own' }),
    ];
    const by = await tokenFor(ids);
    for (const [place, username] of [['pool', 'pooled'], ['private', 'own']] as const) {
      expect((await ask(`secret/data/${place}/mail`, { by })).body.data.data).toMatchObject({ username });
      expect(await keysOf(place, by)).toContain('mail');
    } // prettier-ignore
    expect(await keysOf('', by)).toEqual(expect.arrayContaining(['pool/', 'private/', 'Acme Dental/']));
    // An administrator sees that others have some, too.
    const ben = await t.user({ scopes: ['msp:read', 'msp:write'] });
    const body = await t.body('credentials', {
      client_id: null,
      name: 'mail',
      service_name: 'mail',
      username: 'of Ben',
    });
    expect((await t.http('POST', '/api/credentials', { token: ben.token, body })).status).toBe(201);
    expect((await ask('secret/data/private/mail', { by: t.admin.token })).body.data.data).toMatchObject({
      username: 'own',
    });
    // Each at its place alone.
    expect((await ask(`secret/data/pool/${ids[1]}`, { by })).status).toBe(404);
  });

  test.each([
    'Acme%20Dental/nothing', 'Nobody/firewall', 'Acme%20Dental/..%2Ffirewall', '..%2F..%2Fapi/clients', 'pool/firewall',
    'Acme%20Dental/%00', 'Acme%20Dental/__proto__', 'Acme%20Dental/%27%20OR%201=1', 'Acme%20Dental/%25', `${'x'.repeat(550)}/y`,
    '01981f5e-6f43-7bd1-b4a5-1f0c2a5b7c11/01981f5e-6f43-7bd1-b4a5-1f0c2a5b7c11', 'Acme%20Dental', '',
  ])('that leads nowhere is 404: %s', async path => {
    const { status, body } = await ask(`secret/data/${path}`);
    expect([status, body.errors?.length]).toEqual([404, 1]);
  }); // prettier-ignore

  test('that is too long, or cannot be decoded, is 400', async () => {
    expect((await ask(`secret/data/x/${'y'.repeat(700)}`)).status).toBe(400);
    for (const path of ['Acme/%ff', 'Acme/%', '%c0%ae/x'])
      expect(await ask(`secret/data/${path}`)).toMatchObject({
        status: 400,
        body: { errors: ['path: cannot be decoded'] },
      });
  });
});

test('what several are called is no name, and no name takes the place of what the token is for', async () => {
  const client_id = await t.client();
  const name = unique('router');
  const ben = await t.user({ scopes: ['msp:read', 'msp:write'] });
  const real = await credential({ client_id, service_name: name, username: 'real' });
  // A technician calls his own by the name of the service.
  const body = await t.body('credentials', { client_id, name, username: 'false' });
  const planted = (await t.http('POST', '/api/credentials', { token: ben.token, body })).body.id;
  const path = `secret/data/${client_id}/${name}`;
  expect((await ask(path, { by: await tokenFor([real]) })).body.data.data.username).toBe('real');
  await credential({ client_id, service_name: name, username: 'second' });
  await t.http('DELETE', `/api/credentials/${planted}`);
  const { status, body: answer } = await ask(path, { by: t.admin.token });
  expect([status, answer.errors?.join()]).toEqual([400, expect.stringContaining(real)]);
  expect(await keysOf(client_id)).toContain(real);
});

describe('whoever may create credentials takes no one’s place', () => {
  const HOW: [string, (name: string) => Body, (name: string) => Body][] = [
    ['with a handle', name => ({ service_name: name }), name => ({ name })],
    ['with a service', name => ({ name, service_name: unique('s') }), name => ({ service_name: name })],
    [
      'with what some clients send for it',
      name => ({ name: `${name}/x` }),
      name => ({ name: `${name}%2Fx` }),
    ],
  ];
  test.each(HOW)('%s', async (_how, real, planted) => {
    const client_id = await t.client();
    const name = unique('otp');
    const technician = () => t.user({ scopes: ['msp:read', 'msp:write'] });
    const [owner, thief] = [await technician(), await technician()];
    const grant = (credential_id: string, by: string) =>
      t.http('POST', '/api/credential-permissions', { token: by, body: { credential_id, user_id: owner.id, level: 'reveal' } }); // prettier-ignore
    const id = await credential({ client_id, username: 'real', ...real(name) });
    await grant(id, t.admin.token);
    const paths = [name, `${name}%252Fx`].map(one => `secret/data/${client_id}/${one}`);
    const read = async (by: string) => {
      const answers = await Promise.all(paths.map(path => ask(path, { by })));
      return answers.find(one => one.status !== 404) ?? answers[0];
    };
    expect((await read(owner.token))?.body.data.data.username).toBe('real');
    const body = await t.body('credentials', { client_id, username: 'false', ...planted(name) });
    const made = await t.http('POST', '/api/credentials', { token: thief.token, body });
    // The administrator could open both; the owner only sees the other one once it is granted.
    expect((await read(owner.token))?.body.data.data.username).toBe('real');
    expect((await grant(String(made.body.id), thief.token)).status).toBe(201);
    for (const by of [owner.token, t.admin.token]) {
      const answer = await read(by);
      expect([answer?.status, answer?.text.includes(id), answer?.text.includes('false')]).toEqual([400, true, false]); // prettier-ignore
    }
    expect((await read(await tokenFor([id])))?.body.data.data.username).toBe('real');
    const keys = await keysOf(client_id, owner.token);
    const listed = await Promise.all(
      keys.map(key => ask(`secret/data/${client_id}/${encodeURIComponent(key)}`, { by: owner.token })),
    );
    expect(listed.map(one => one.body.data.data.username).sort()).toEqual(['false', 'real']);
  });

  test('with a private one of theirs, which an administrator sees', async () => {
    const name = unique('mine');
    const thief = await t.user({ scopes: ['msp:read', 'msp:write'] });
    const body = await t.body('credentials', { client_id: null, visibility: 'private', name });
    const made = await t.http('POST', '/api/credentials', { token: thief.token, body });
    const path = `secret/data/private/${name}`;
    expect((await ask(path, { by: t.admin.token })).status).toBe(404);
    expect(await keysOf('private', t.admin.token)).not.toContain(name);
    const own = { client_id: null, visibility: 'private', name: unique('own'), service_name: name };
    await credential({ ...own, username: 'of the administrator' });
    expect((await ask(path, { by: t.admin.token })).body.data.data.username).toBe('of the administrator');
    // By its id it is what it is: seen, and closed.
    expect((await ask(`secret/data/private/${String(made.body.id)}`, { by: t.admin.token })).status).toBe(
      403,
    );
  });

  test('with a client whose name some clients send for another', async () => {
    const name = unique('Rot');
    const client_id = (await t.make('clients', { name: `${name}/Blau` })).id;
    const by = await tokenFor([await credential({ client_id, name: 'wall', username: 'real' })]);
    const path = `secret/data/${name}%252FBlau/wall`;
    expect((await ask(path, { by })).body.data.data.username).toBe('real');
    await t.make('clients', { name: `${name}%2FBlau` });
    expect(await ask(path, { by })).toMatchObject({ status: 400, text: expect.stringContaining(client_id) as string }); // prettier-ignore
  });
});

test('a token finds its own among very many that are called so', async () => {
  const client_id = await t.client();
  const service_name = unique('workstation');
  const one = { client_id, service_name, credential_type: 'password', password: 'CANARY many' };
  const { body } = await t.http('POST', '/api/credentials/bulk', { body: { items: Array(101).fill(one) } });
  const last = String(body.results.at(-1)?.id);
  const path = `secret/data/${client_id}/${service_name}`;
  expect((await ask(path, { by: await tokenFor([last]) })).body.data.metadata.custom_metadata).toMatchObject({
    id: last,
  });
  expect((await ask(path)).status).toBe(400);
});

test('an archived credential has no name any more, and its id', async () => {
  const client_id = (await t.make('clients')).id;
  const id = await credential({ client_id, name: 'old', archived_at: '2026-01-01T00:00:00Z' });
  const by = await tokenFor([id]);
  expect((await ask(`secret/data/${client_id}/old`, { by })).status).toBe(404);
  expect((await ask(`secret/data/${client_id}/${id}`, { by })).status).toBe(200);
  expect((await ask(`secret/metadata/${client_id}?list=true`, { by })).status).toBe(404);
});

describe('the protocol', () => {
  const post = (method: string, path: string, more: RequestOptions = {}) =>
    t.http(method, `/v1/${path}`, { token: null, headers: { 'x-vault-token': token }, ...more });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('has no way to write: %s', async method => {
    const before = (await entriesOf(wall)).length;
    for (const path of [
      WALL,
      'secret/metadata/Acme%20Dental/firewall',
      'secret/metadata/Acme%20Dental',
      'sys/health',
    ]) {
      const { status, body, headers } = await post(
        method,
        path,
        method === 'DELETE' ? {} : { body: { data: { a: 'b' } } },
      );
      expect([status, body]).toEqual([405, { errors: [expect.stringMatching(/^This door is read only/)] }]);
      expect(headers.allow).toBe('GET, HEAD');
    }
    expect((await entriesOf(wall)).length).toBe(before);
  });

  test.each([
    ['a route that there is not', 'GET', 'sys/raw/x', 404, {}],
    ['a way to log in', 'POST', 'auth/approle/login', 404, { body: { role_id: 'x' } }],
    ['a token to be renewed', 'POST', 'auth/token/renew-self', 404, { body: {} }],
    ['KV of version 1', 'GET', 'secret/Acme%20Dental/firewall', 404, {}],
    ['a parameter that there is not', 'GET', `${WALL}?versoin=1`, 400, {}],
    ['a parameter that is repeated', 'GET', `${WALL}?version=1&version=0`, 400, {}],
    ['a list that is asked for twice', 'GET', 'secret/metadata?list=true&list=false', 400, {}],
    ['a body that is not JSON', 'POST', 'secret/data/a/b', 405, { body: '{"a":' }],
    ['another mount', 'GET', 'sys/internal/ui/mounts/kv', 400, {}],
    ['no number', 'GET', `${WALL}?version=latest`, 400, {}],
    ['a namespace', 'GET', WALL, 400, { headers: { 'x-vault-namespace': 'msp/acme' } }],
    ['an answer that is wrapped', 'GET', WALL, 400, { headers: { 'x-vault-wrap-ttl': '60s' } }],
  ] as [string, string, string, number, RequestOptions][])(
    'has its shape of errors for %s',
    async (_what, method, path, status, { headers, ...more }) => {
      const answer = await post(method, path, { ...more, headers: { 'x-vault-token': token, ...headers } });
      expect([answer.status, answer.body]).toEqual([status, { errors: [expect.any(String)] }]);
      const door = /KV version 2 below \/v1\/secret\/ alone/;
      expect(door.test(JSON.stringify(answer.body.errors))).toBe(
        status === 404 || path.endsWith('mounts/kv'),
      );
      expect(answer.headers).toMatchObject({
        'cache-control': 'no-store',
        'x-request-id': expect.any(String) as string,
      });
      expect(answer.headers['www-authenticate']).toBeUndefined();
    },
  );

  test('takes the token of a login, and Authorization where X-Vault-Token is absent', async () => {
    for (const by of [token, t.admin.token])
      expect((await t.http('GET', `/v1/${WALL}`, { token: by })).status).toBe(200);
    expect(
      (await t.http('GET', `/v1/${WALL}`, { token, headers: { 'x-vault-token': 'hvs.wrong' } })).status,
    ).toBe(403);
    // Nowhere else.
    expect(
      (await t.http('GET', '/api/clients', { token: null, headers: { 'x-vault-token': t.admin.token } }))
        .status,
    ).toBe(401);
    expect((await ask(WALL, { headers: { 'x-vault-namespace': 'root' } })).status).toBe(200);
  });

  test('tells of the token that asks, and not the token', async () => {
    const by = await tokenFor([wall], { max_uses: 10 });
    const { text, body } = await ask('auth/token/lookup-self', { by });
    expect(text).not.toContain(by);
    expect(body.data).toMatchObject({
      display_name: 'playbook',
      policies: ['msp:read'],
      num_uses: 9,
      renewable: false,
      creation_ttl: 86_400,
    });
    expect(body.data.ttl).toBeGreaterThan(86_000);
    const login = (await ask('auth/token/lookup-self', { by: t.admin.token })).body.data;
    expect(login).toMatchObject({ display_name: t.admin.email, creation_ttl: 3600 });
    expect(login.ttl).toBeLessThanOrEqual(3600);
  });

  test('tells which version the mount is of, for every path below it', async () => {
    for (const path of ['secret', 'secret/', 'secret/Acme', 'secret/Acme/firewall'])
      expect((await ask(`sys/internal/ui/mounts/${path}`)).body.data).toMatchObject({
        path: 'secret/',
        type: 'kv',
        options: { version: '2' },
      });
    expect((await ask('sys/internal/ui/mounts')).body.data).toMatchObject({
      secret: { 'secret/': { options: { version: '2' } } },
    });
    expect((await ask('sys/internal/ui/mounts/secret', { by: '' })).status).toBe(403);
  });

  test('tells everybody whether the server serves', async () => {
    const health = () => t.http('GET', '/v1/sys/health', { token: null, query: { standbyok: true } });
    expect(await health()).toMatchObject({
      status: 200,
      body: { initialized: true, sealed: false, standby: false },
    });
    await t.change('ALTER TABLE journal RENAME TO journal_away');
    expect(await health()).toMatchObject({
      status: 503,
      headers: { 'retry-after': '30' },
      body: { sealed: false },
    });
    await t.change('ALTER TABLE journal_away RENAME TO journal');
    expect((await health()).status).toBe(200);
  });

  test('stands outside of the document', async () => {
    const { paths } = (await t.http('GET', '/api/openapi.json')).body as unknown as { paths: object };
    expect(Object.keys(paths).filter(path => path.startsWith('/v1'))).toEqual([]);
  });
});
