import { type Shown, startApp, type TestApp, type TestUser } from './app.js';
import { CREDENTIAL_TYPES, mainField, SECRET_FIELDS } from '../src/formats/credential-types.js';
import { statementsOf } from './harness/statements.js';
import { allSecrets, privateKey, SEED } from './harness/type-secrets.js';

let t: TestApp;
let client: string;
beforeAll(async () => {
  t = await startApp();
  client = await t.client();
});
afterAll(() => t.close());

async function create(body: object = {}, user?: TestUser): Promise<Shown> {
  const answer = await t.http('POST', '/api/credentials', {
    token: user?.token,
    body: {
      client_id: client,
      credential_type: 'password',
      service_name: 'Firewall',
      password: 'CANARY-original',
      ...body,
    },
  });
  expect([answer.status, answer.body]).toEqual([201, expect.anything()]);
  return answer.body as Shown;
}

const entries = (id: string) =>
  t.sql<{ action: string; outcome: string; details: string }>(
    'SELECT action, outcome, details FROM journal WHERE resource_id = ? ORDER BY n',
    [id],
  );

describe('storing', () => {
  test.each(CREDENTIAL_TYPES)(
    'a %s keeps each of its secrets byte for byte, and shows none in lists',
    async type => {
      const secrets = allSecrets(type);
      const set = SECRET_FIELDS.filter(field => field in secrets);
      const made = await create({ credential_type: type, password: undefined, ...secrets });
      expect(made.secret_fields).toEqual(set);
      expect(JSON.stringify(made)).not.toContain('CANARY');
      const got = await t.http('GET', `/api/credentials/${made.id}`);
      expect(got.headers['cache-control']).toBe('no-store');
      for (const field of SECRET_FIELDS)
        expect(got.body[field]).toBe(field === 'totp_secret' ? undefined : secrets[field]);
      const list = await t.http('GET', '/api/credentials', { query: { id: made.id } });
      expect(list.body.items).toHaveLength(1);
      expect(JSON.stringify(list.body)).not.toContain('CANARY');
      for (const secret of Object.values(secrets)) expect(list.text).not.toContain(JSON.stringify(secret));
      expect(mainField(type)).not.toBe('totp_secret');
    },
  );

  test('no secret stands in any table in clear, and every stored one is v3', async () => {
    const { id } = await create({ password: 'CANARY-in-no-table' });
    const rows = await t.sql<{ sealed: string }>('SELECT * FROM credential_secrets WHERE credential_id = ?', [
      id,
    ]);
    expect(rows[0]?.sealed).toMatch(/^v3\./);
    expect(JSON.stringify(rows)).not.toContain('CANARY');
    expect(JSON.stringify(await t.sql('SELECT * FROM journal'))).not.toContain('CANARY-in');
  });

  test('a secret of more than 64 KiB, with a NUL, or of the wrong kind is refused and nothing is stored', async () => {
    const before = await t.sql('SELECT COUNT(*) AS n FROM credentials');
    for (const password of ['x'.repeat(65_537), 'a\0b', 5, '', '\ud800'])
      expect(
        (
          await t.http('POST', '/api/credentials', {
            body: { client_id: client, credential_type: 'password', service_name: 'x', password },
          })
        ).status,
      ).toBe(422);
    for (const totp_secret of ['not base32!', 'otpauth://hotp/x?secret=ABCD', '1'])
      expect(
        (
          await t.http('POST', '/api/credentials', {
            body: { client_id: client, credential_type: 'password', service_name: 'x', totp_secret },
          })
        ).status,
      ).toBe(422);
    expect(await t.sql('SELECT COUNT(*) AS n FROM credentials')).toEqual(before);
  });

  test('null takes a secret away, absent keeps it, and the strength follows the password', async () => {
    const made = await create({
      credential_type: 'ssh_key',
      private_key: privateKey(),
      password: 'password',
    });
    expect(made.strength).toBe(0);
    const path = `/api/credentials/${made.id}`;
    const cleared = await t.http('PATCH', path, { body: { password: null } });
    expect([cleared.body.secret_fields, cleared.body.strength]).toEqual([['private_key'], null]);
    const got = await t.http('GET', path);
    expect(got.body.password).toBeUndefined();
    expect(got.body.private_key).toContain('PRIVATE KEY');
  });
});

describe('reading', () => {
  test('a get that opens is one committed entry, a get without reveal is a view', async () => {
    const { id } = await create();
    await t.http('GET', `/api/credentials/${id}`);
    await t.http('GET', `/api/credentials/${id}`, { query: { reveal: 'false' } });
    const actions = (await entries(id)).map(one => one.action);
    expect(actions).toEqual(['credential.create', 'credential.decrypt', 'credential.view']);
    const log = await t.http('GET', `/api/credential-audit-logs/by-credential/${id}`);
    const shown = (log.body.items as unknown as { action: string }[]).map(one => one.action);
    expect(shown).toEqual(['view', 'view', 'decrypt', 'create']);
    expect(log.body.total).toBe(4);
  });

  test('?reveal=false leaves the secrets out', async () => {
    const { id } = await create();
    const got = await t.http('GET', `/api/credentials/${id}`, { query: { reveal: 'false' } });
    expect(got.body).not.toHaveProperty('password');
  });

  test('revealing many needs a reason, answers for each id, and records each', async () => {
    const [one, two] = [await create(), await create({ password: 'CANARY-two' })];
    const ids = [one.id, two.id, '01981f5e-6f43-7bd1-b4a5-1f0c2a5b7c11'];
    expect((await t.http('POST', '/api/credentials/reveal', { body: { ids } })).status).toBe(422);
    const { body } = await t.http('POST', '/api/credentials/reveal', {
      body: { ids, reason: 'night shift' },
    });
    expect(body.results).toMatchObject([
      { status: 200, secrets: { password: 'CANARY-original' } },
      { status: 200, secrets: { password: 'CANARY-two' } },
      { status: 404 },
    ]);
    const last = (await entries(two.id)).at(-1);
    expect([last?.action, JSON.parse(last?.details ?? '{}')]).toEqual([
      'credential.reveal',
      expect.objectContaining({ reason: 'night shift' }),
    ]);
  });

  test('a code of RFC 6238 for the seed, never the seed', async () => {
    const { id } = await create({ totp_secret: SEED });
    const { body } = await t.http('GET', `/api/credentials/${id}/otp`);
    expect(body).toEqual({
      code: expect.stringMatching(/^\d{6}$/),
      remaining_seconds: expect.any(Number),
      period: 30,
      digits: 6,
    });
    expect((await entries(id)).at(-1)?.action).toBe('credential.reveal');
  });

  test('a value moved to another row does not open: error, entry, and no secret', async () => {
    const [one, two] = [await create(), await create({ password: 'CANARY-b' })];
    const [row] = await t.sql<{ sealed: string }>(
      'SELECT sealed FROM credential_secrets WHERE credential_id = ?',
      [one.id],
    );
    await t.change('UPDATE credential_secrets SET sealed = ? WHERE credential_id = ?', [
      row?.sealed ?? '',
      two.id,
    ]);
    const got = await t.http('GET', `/api/credentials/${two.id}`);
    expect([got.status, got.body.code]).toEqual([500, 'internal']);
    expect(JSON.stringify(got.body)).not.toContain('CANARY');
    expect((await entries(two.id)).at(-1)).toMatchObject({ action: 'credential.decrypt', outcome: 'failed' });
  });
});

describe('rotation and history', () => {
  test('each write is a version that can be opened again', async () => {
    const { id } = await create({ password: 'CANARY-1' });
    await t.http('POST', `/api/credentials/${id}/rotate`, { body: { value: 'CANARY-2' } });
    await t.http('PATCH', `/api/credentials/${id}`, { body: { totp_secret: SEED } });
    const rotated = await t.http('POST', `/api/credentials/${id}/rotate`, { body: { length: 40 } });
    expect(rotated.status).toBe(200);
    expect(JSON.stringify(rotated.body)).not.toContain('CANARY');
    const { body } = await t.http('GET', `/api/credentials/${id}/versions`);
    expect(body.items).toMatchObject([
      { version: 4, fields: ['password'] },
      { version: 3, fields: ['totp_secret'] },
      { version: 2, fields: ['password'] },
      { version: 1, fields: ['password'], author_id: t.admin.id },
    ]);
    const old = async (n: number) =>
      (await t.http('POST', `/api/credentials/${id}/versions/${n}/reveal`, { body: { reason: 'roll back' } }))
        .body.secrets;
    expect(await old(1)).toEqual({ password: 'CANARY-1' });
    expect(await old(3)).toEqual({ password: 'CANARY-2' });
    const now = await t.http('GET', `/api/credentials/${id}`);
    expect(now.body.password).toHaveLength(40);
    expect(
      (await t.http('POST', `/api/credentials/${id}/versions/9/reveal`, { body: { reason: 'none' } })).status,
    ).toBe(404);
  });

  test('what cannot be generated must be given', async () => {
    const { id } = await create({
      credential_type: 'ssh_key',
      private_key: privateKey(),
      password: undefined,
    });
    expect((await t.http('POST', `/api/credentials/${id}/rotate`, { body: {} })).status).toBe(422);
  });

  test('it says when rotation is due, and why', async () => {
    const due = await create({ rotate_every_days: 1 });
    await t.change("UPDATE credentials SET last_rotated_at = '2020-01-01 00:00:00.000' WHERE id = ?", [
      due.id,
    ]);
    const expired = await create({ expires_at: '2020-01-01T00:00:00Z' });
    const fresh = await create({ rotate_every_days: 30 });
    const reason = async (id: string) =>
      (await t.http('GET', `/api/credentials/${id}`)).body.needs_rotation_reason as string | null;
    expect(await reason(due.id)).toContain('every 1 days');
    expect(await reason(expired.id)).toContain('expired');
    expect(await reason(fresh.id)).toBeNull();
  });

  test('fifty rotations at once give fifty versions', async () => {
    const { id } = await create();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        t.http('POST', `/api/credentials/${id}/rotate`, { body: { value: `CANARY-${index}` } }),
      ),
    );
    const done = answers.filter(one => one.status === 200).length;
    expect(new Set(answers.map(one => one.status))).toEqual(new Set(done === 50 ? [200] : [200, 409]));
    expect((await t.http('GET', `/api/credentials/${id}/versions`)).body.items).toHaveLength(1 + done);
  });

  test('moving to another client seals every version anew under its key', async () => {
    const { id } = await create({ password: 'CANARY-1' });
    await t.http('POST', `/api/credentials/${id}/rotate`, { body: { value: 'CANARY-2' } });
    const sealed = () =>
      t.sql<{ sealed: string }>(
        'SELECT sealed FROM credential_secrets WHERE credential_id = ? ORDER BY version',
        [id],
      );
    const before = await sealed();
    const other = await t.make('clients');
    const moved = await t.http('PATCH', `/api/credentials/${id}`, { body: { client_id: other.id } });
    expect(moved.status).toBe(200);
    const after = await sealed();
    const keys = (rows: { sealed: string }[]) => new Set(rows.map(row => row.sealed.split('.')[1]));
    expect([...keys(after)].some(key => keys(before).has(key))).toBe(false);
    expect((await t.http('GET', `/api/credentials/${id}`)).body.password).toBe('CANARY-2');
    const old = await t.http('POST', `/api/credentials/${id}/versions/1/reveal`, {
      body: { reason: 'check' },
    });
    expect(old.body.secrets).toEqual({ password: 'CANARY-1' });
  });
});

test('words have no length and no classes of signs', async () => {
  const faults = async (query: string) => {
    const { status, body } = await t.http('GET', `/api/credentials/generate?${query}`);
    return [status, body.details?.errors?.map(one => one.field)];
  };
  expect(await faults('words=5&length=12&classes=digits')).toEqual([422, ['length', 'classes']]);
  expect((await faults('words=5'))[0]).toBe(200);
  expect((await faults('length=12&classes=digits'))[0]).toBe(200);
});

describe('statements', () => {
  test('of the database are as few as they can be, whatever is asked', async () => {
    const { id } = await create({ service_name: 'Counted', tags: ['rack', 'core'] });
    const service = await t.make('services', { client_id: client });
    const of = (method: 'GET' | 'POST', path: string, body?: object) =>
      statementsOf(t, async () => {
        const answer = await t.http(method, `/api/${path}`, { body });
        expect(answer.status).toBe(method === 'GET' ? 200 : 201);
      });
    // The login is looked at before a request, and again before anything leaves or changes.
    expect(await of('GET', `services/${service.id}`)).toEqual(['SELECT logins', 'SELECT services']);
    expect(await of('GET', 'credentials?limit=100')).toEqual(['SELECT logins', 'SELECT credentials']);
    expect(await of('GET', `credentials/${id}`)).toEqual([
      'SELECT logins',
      'SELECT credentials',
      'INSERT journal COMMIT',
      'SELECT logins',
    ]);
    const body = {
      client_id: client,
      credential_type: 'password',
      service_name: 'Alone',
      password: 'CANARY-a',
    };
    expect(await of('POST', 'credentials', body)).toEqual([
      'SELECT logins',
      'BEGIN',
      'SELECT clients',
      // That it does not leave just now, held until the end.
      'SELECT clients',
      'SELECT logins',
      'INSERT credentials',
      'INSERT credential_secrets',
      // Whether there are others of the same service.
      'SELECT credentials',
      // What search finds it by: one statement for all rows of a unit.
      'INSERT search_terms',
      'INSERT journal',
      'COMMIT',
    ]);
    const shown = await t.http('GET', `/api/credentials/${id}`);
    expect(shown.body.tags).toEqual(['core', 'rack']);
  });
});
