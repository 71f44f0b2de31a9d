import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { allResources } from '../src/core/resource/resource.js';
import { CREDENTIAL_TYPES, type CredentialType, secretsOfType } from '../src/formats/credential-types.js';
import { ADMIN_PASSWORD, type Answer, startApp, type TestApp } from './app.js';
import { secretFor } from './harness/type-secrets.js';
import { dumpOf, filesOf, spellingsOf } from './harness/dump.js';

const MASTER_KEY = randomBytes(32).toString('hex');
const JWT_SECRET = `CANARY of the tokens ${randomBytes(16).toString('hex')}`;
const canary = () => `CANARY quiet lantern ${randomBytes(8).toString('hex')}`;

let t: TestApp;
/** What nobody may find again, by what it is. */
const secrets = new Map<string, string>([
  ['master key', MASTER_KEY],
  ['master key, its bytes', Buffer.from(MASTER_KEY, 'hex').toString('latin1')],
  ['secret of the tokens', JWT_SECRET],
  ['first password', ADMIN_PASSWORD],
]);
/** Every answer that was not the one that hands the secret over. */
const answers: string[] = [];

function planted(what: string): string {
  const secret = canary();
  secrets.set(what, secret);
  return secret;
}

function heard(answer: Answer): Answer {
  answers.push(answer.text, JSON.stringify(answer.headers));
  return answer;
}

const post = (path: string, body: unknown, token: string | null = null) =>
  t.http('POST', path, { token, body });

/** Users, logins, refreshes, second factors and all that can go wrong with them. */
async function plantAccess(): Promise<void> {
  const password = planted('password of a user');
  const { body: user } = heard(
    await post('/api/users', { email: 'canary@canary.test', name: 'Canary', password }, t.admin.token),
  );
  heard(
    await t.http('PATCH', `/api/users/${user.id}`, {
      body: { password: planted('password by an administrator') },
    }),
  );
  heard(await t.http('PATCH', `/api/users/${user.id}`, { body: { password, name: 'Canary' } }));
  heard(await post('/api/users', { email: 'canary@canary.test', name: 'Twice', password }, t.admin.token));
  heard(
    await post(
      '/api/users',
      { email: 'weak@canary.test', name: 'Weak', password: 'CANARYweak12' },
      t.admin.token,
    ),
  );
  secrets.set('weak password', 'CANARYweak12');

  const email = 'canary@canary.test';
  heard(await post('/api/auth/login', { email, password: planted('wrong password') }));
  heard(await post('/api/auth/login', { email: planted('password in the place of the address'), password }));
  heard(await post('/api/auth/login', { email, password, extra: planted('password in an unknown field') }));
  heard(
    await post('/api/auth/login', `{"email": "${email}", "password": "${planted('password in broken JSON')}`),
  );
  heard(
    await t.http('POST', '/api/auth/admin', {
      token: null,
      body: new URLSearchParams({
        username: email,
        password: planted('wrong password in a form'),
      }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    }),
  );
  const { body: tokens } = await post('/api/auth/login', { email, password, machine: 'bench' });
  const next = await post('/api/auth/refresh', { refresh_token: tokens.refresh_token });
  for (const [what, { access_token, refresh_token }] of [
    ['first', tokens],
    ['second', next.body],
  ] as const) {
    secrets.set(`${what} access token`, access_token);
    secrets.set(`${what} refresh token`, refresh_token);
  }
  const token = next.body.access_token;
  heard(await t.http('GET', '/api/auth/me', { token: `${planted('broken token').replaceAll(' ', '')}.x.y` }));

  const seed = String((await post('/api/auth/totp/enroll', { password }, token)).body.secret);
  secrets.set('seed of the second factor', seed);
  heard(await post('/api/auth/totp/confirm', { otp: planted('text in the place of a code') }, token));
  const current = String((await post('/api/auth/totp/enroll', { password }, token)).body.secret);
  secrets.set('newest seed of the second factor', current);
  secrets.set('its bytes', Buffer.from(Secret.fromBase32(current).bytes).toString('latin1'));
  const otp = new TOTP({ secret: Secret.fromBase32(current) }).generate();
  expect(heard(await post('/api/auth/totp/confirm', { otp }, token)).status).toBe(204);
  const change = { current_password: password, new_password: planted('changed password') };
  heard(
    await post(
      '/api/auth/change-password',
      { ...change, current_password: planted('wrong present password') },
      token,
    ),
  );
  const changed = await post('/api/auth/change-password', change, token);
  expect(changed.status).toBe(200);
  secrets.set('access token after the change', changed.body.access_token);
}

/** A secret for each field of a type; of keys and certificates a line of their base64 is looked for. */
function plantedFor(type: CredentialType): Record<string, string> {
  const fields = secretsOfType(type).filter(field => field !== 'totp_secret');
  return Object.fromEntries(
    fields.map(field => {
      if (field !== 'private_key' && field !== 'certificate')
        return [field, planted(`${field} of a ${type}`)];
      const pem = secretFor(field);
      secrets.set(`${field} of a ${type}`, pem.split('\n')[1] ?? '');
      return [field, pem];
    }),
  );
}

/** Every secret field, written in every way, and what goes wrong with it. */
async function plantCredentials(): Promise<void> {
  const client_id = await t.client();
  const base = { client_id, credential_type: 'password', service_name: 'Canary' };
  const seed = Secret.fromLatin1(canary()).base32;
  secrets.set('seed of a credential', seed);
  const token = t.admin.token;
  for (const type of CREDENTIAL_TYPES) {
    const all = plantedFor(type);
    const typed = { ...base, credential_type: type };
    const { body: one } = heard(await post('/api/credentials', { ...typed, ...all }, token));
    // Opened on purpose: the answers hold them, and nothing else may.
    expect((await t.http('GET', `/api/credentials/${one.id}`)).body).toMatchObject(all);
  }
  const first = { ...base, password: planted('password of a credential'), totp_secret: seed };
  const { body: made } = heard(await post('/api/credentials', first, token));
  const path = `/api/credentials/${made.id}`;
  heard(await t.http('PATCH', path, { body: { password: planted('password by an update') } }));
  heard(await post(`${path}/rotate`, { value: planted('password by a rotation') }, token));
  heard(await post(`${path}/rotate`, { field: 'token', value: planted('rotated into no field') }, token));
  heard(await post('/api/credentials', { ...base, certificate: planted('text as a certificate') }, token));
  heard(
    await post(
      '/api/credentials/bulk',
      { items: [{ ...base, credential_type: 'jwt', token: planted('token in bulk') }] },
      token,
    ),
  );
  heard(
    await post('/api/credentials', { ...base, password: planted('beside an unknown field'), no: 1 }, token),
  );
  heard(await post('/api/credentials', { ...base, totp_secret: planted('text as a seed') }, token));
  heard(await post('/api/credentials', { ...base, password: [planted('in a list')] }, token));
  heard(await post('/api/credentials/strength', { password: planted('password to be judged') }, token));
  const headers = { 'idempotency-key': 'canary' };
  const key = planted('key with an idempotency key');
  const body = { ...base, credential_type: 'api_key', api_key: key };
  for (let twice = 0; twice < 2; twice++) heard(await t.http('POST', '/api/credentials', { body, headers }));
  heard(await t.http('GET', `${path}/otp`));
  heard(await t.http('GET', `${path}/versions`));
  heard(await t.http('GET', `/api/credential-audit-logs/by-credential/${made.id}`));
  await post('/api/credentials/reveal', { ids: [made.id], reason: 'canary' }, token);
  await post(`${path}/versions/1/reveal`, { reason: 'canary' }, token);
}

/** A link with all that opens it, and what is tried at it. */
async function plantLinks(): Promise<void> {
  const body = {
    credential_type: 'password',
    service_name: 'Linked',
    password: planted('password of a link'),
  };
  const { body: made } = await post('/api/credentials', body, t.admin.token);
  const path = `/api/credentials/${made.id}`;
  const passphrase = planted('passphrase of a link');
  // Told on purpose: the answer holds the link, and nothing else may.
  const { url } = (await post(`${path}/share`, { reason: 'canary', views: 2, passphrase }, t.admin.token))
    .body;
  const [token = '', key = ''] = String(url).split('#')[1]?.split('.') ?? [];
  secrets.set('token of a link', token);
  secrets.set('key of a link', key);
  secrets.set('its bytes', Buffer.from(key, 'base64url').toString('latin1'));
  heard(await post('/api/shares/redeem', { token }));
  heard(await post('/api/shares/redeem', { token, passphrase: planted('wrong passphrase of a link') }));
  expect(heard(await post('/api/shares/redeem', { token, passphrase })).status).toBe(200);
  heard(await t.http('GET', `${path}/shares`));
}

/** Every list and every row that an administrator can read, and what the service says of itself. */
async function readEverything(): Promise<void> {
  for (const { path } of allResources()) {
    const list = heard(await t.http('GET', `/api/${path}`, { query: { limit: 1000 } }));
    heard(await t.http('GET', `/api/${path}`, { query: { limit: 1000 }, headers: { accept: 'text/csv' } }));
    for (const { id } of list.body.items ?? [])
      heard(
        await t.http('GET', `/api/${path}/${id}`, {
          query: path === 'credentials' ? { reveal: 'false' } : {},
        }),
      );
  }
  for (const path of [
    '/',
    '/health',
    '/health/ready',
    '/metrics',
    '/api/auth/me',
    '/api/openapi.json',
    '/api/none',
  ])
    heard(await t.http('GET', path));
}

beforeAll(async () => {
  t = await startApp({
    settings: { LOG_LEVEL: 'trace', API_KEY_MASTER_KEY: MASTER_KEY, JWT_SECRET_KEY: JWT_SECRET },
  });
  await plantAccess();
  await plantCredentials();
  await plantLinks();
  await readEverything();
});
afterAll(() => t.close());

/** The names of the secrets that stand in a text, however they are spelled. */
function foundIn(text: string): string[] {
  return [...secrets]
    .filter(([, secret]) => spellingsOf(secret).some(one => text.includes(one)))
    .map(([what]) => what);
}

describe('a secret that was handed in', () => {
  test('would be found: the search finds what is there', () => {
    const [password = ''] = [secrets.get('password of a user')];
    for (const spelling of spellingsOf(password))
      expect(foundIn(`… ${spelling} …`)).toEqual(['password of a user']);
    expect(secrets.size).toBeGreaterThan(15);
  });

  test('is in no line of the log, at its most talkative', () => {
    const lines = t.logs.map(one => JSON.stringify(one));
    expect(lines.some(line => line.includes('request_id'))).toBe(true);
    expect(foundIn(lines.join('\n'))).toEqual([]);
  });

  test('is in no answer but the one that hands it over', () => {
    expect(answers.length).toBeGreaterThan(40);
    expect(answers.join('\n')).toContain('canary@canary.test');
    expect(foundIn(answers.join('\n'))).toEqual([]);
  });

  test('is in no table of either database', async () => {
    const { DATABASE_URL, KEYSTORE_DATABASE_URL } = t.opened.settings;
    const main = await dumpOf(DATABASE_URL.reveal());
    const keystore = await dumpOf(KEYSTORE_DATABASE_URL.reveal());
    expect(main).toContain('canary@canary.test');
    expect(keystore).toContain('data_keys');
    expect(foundIn(`${main}\n${keystore}`)).toEqual([]);
  });

  test('is in no file of the data folder', () => {
    for (const [path, bytes] of filesOf(t.opened.settings.OPSKEEP_DATA))
      expect([path, foundIn(bytes.toString('latin1'))]).toEqual([path, []]);
  });
});
