import { ADMIN_PASSWORD, type Answer, startApp, type TestApp, type TestUser } from './app.js';
import { documentOf } from './harness/all-resources.js';
import { enrol, type Factor } from './harness/second-factor.js';

const WRONG = 'CANARY this is not the password 7';
const REASON = 'The owner is ill, and the mail server is down';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

interface Proof {
  password: string;
  otp: string;
}
interface Place {
  route: string;
  /** Which of the two is wrong. */
  wrong: 'password' | 'otp';
  /** Whether a second factor is enrolled before; it is by default. */
  factor?: boolean;
  /** The action of the entries. */
  action: string;
  send: (user: TestUser, proof: Proof) => Promise<Answer>;
}

const post = (path: string, body: object, token: string | null = null, headers = {}) =>
  t.http('POST', path, { token, body, headers });
const form = (path: string, fields: Record<string, string>) =>
  t.http('POST', path, {
    token: null,
    body: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
const withCode = async ({ token, id: owner_id }: TestUser, otp: string): Promise<Answer> => {
  const { id } = await t.make('credentials', { reveal_policy: 'otp', owner_id });
  return t.http('GET', `/api/credentials/${id}`, { token, headers: { 'x-opskeep-otp': otp } });
};
const breakGlass = async (user: TestUser, proof: object, headers = {}): Promise<Answer> => {
  const { id } = await t.make('credentials', { client_id: null });
  return post(`/api/credentials/${id}/break-glass`, { reason: REASON, ...proof }, user.token, headers);
};

const leaving = async (
  route: 'export-secrets' | 'offboard',
  user: TestUser,
  proof: object,
): Promise<Answer> => {
  const { id, name: confirm } = await t.make('clients');
  const asked =
    route === 'offboard' ? { confirm, without_export: true } : { passphrase: 'CANARY of a file to come' };
  return post(`/api/clients/${id}/${route}`, { reason: REASON, ...asked, ...proof }, user.token);
};

/** Every place where a password or a code is checked; what it needs besides is right. */
const PLACES: Place[] = [
  { route: '/api/auth/login', wrong: 'password', factor: false, action: 'auth.login', send: ({ email }, { password }) => post('/api/auth/login', { email, password }) },
  { route: '/api/auth/login', wrong: 'otp', action: 'auth.login', send: ({ email }, proof) => post('/api/auth/login', { email, ...proof }) },
  { route: '/api/auth/token', wrong: 'password', factor: false, action: 'auth.login', send: ({ email: username }, { password }) => form('/api/auth/token', { grant_type: 'password', username, password }) },
  { route: '/auth/admin', wrong: 'password', factor: false, action: 'auth.login', send: ({ email: username }, { password }) => form('/auth/admin', { username, password }) },
  { route: '/api/auth/change-password', wrong: 'password', action: 'auth.password_changed', send: ({ token }, { password }) => post('/api/auth/change-password', { current_password: password, new_password: 'CANARY orange tractor 41' }, token) },
  { route: '/api/auth/totp/enroll', wrong: 'password', factor: false, action: 'auth.totp_enroll', send: ({ token }, { password }) => post('/api/auth/totp/enroll', { password }, token) },
  { route: '/api/auth/totp/confirm', wrong: 'otp', action: 'auth.totp_confirm', send: ({ token }, { otp }) => post('/api/auth/totp/confirm', { otp }, token) },
  { route: '/api/auth/totp/disable', wrong: 'password', action: 'auth.totp_disable', send: ({ token }, proof) => post('/api/auth/totp/disable', proof, token) },
  { route: '/api/auth/totp/disable', wrong: 'otp', action: 'auth.totp_disable', send: ({ token }, proof) => post('/api/auth/totp/disable', proof, token) },
  { route: '/api/credentials/{id}/break-glass', wrong: 'password', action: 'auth.step_up', send: (user, { password }) => breakGlass(user, { password }) },
  { route: '/api/credentials/{id}/break-glass', wrong: 'otp', action: 'auth.step_up', send: (user, { otp }) => breakGlass(user, { otp }) },
  { route: '/api/clients/{id}/export-secrets', wrong: 'password', action: 'auth.step_up', send: (user, { password }) => leaving('export-secrets', user, { password }) },
  { route: '/api/clients/{id}/offboard', wrong: 'password', action: 'auth.step_up', send: (user, { password }) => leaving('offboard', user, { password }) },
  { route: '/api/clients/{id}/offboard', wrong: 'otp', action: 'auth.step_up', send: (user, { otp }) => leaving('offboard', user, { otp }) },
  { route: 'X-Opskeep-Otp', wrong: 'otp', action: 'auth.step_up', send: (user, { otp }) => withCode(user, otp) },
]; // prettier-ignore

test.each(PLACES)('$route: a wrong $wrong counts, and stands in the trail', async place => {
  const user = await t.user();
  const factor = place.factor === false ? undefined : await enrol(t, user);
  const proof = await proofOf(factor);
  const wrong = place.wrong === 'password' ? { password: WRONG } : { otp: factor?.wrong() ?? '' };
  expect((await place.send(user, { ...proof, ...wrong })).status).toBeGreaterThanOrEqual(400);
  const [row] = await t.sql('SELECT failed_logins FROM users WHERE id = ?', [user.id]);
  expect(row).toEqual({ failed_logins: 1 });
  expect(await refusals(user, place.action)).toHaveLength(1);
});

test('five wrong codes lock the confirmation of a second factor, for the right one too', async () => {
  const user = await t.user();
  const factor = await enrol(t, user);
  const confirm = (otp: string) => post('/api/auth/totp/confirm', { otp }, user.token);
  const guesses = await Promise.all(Array.from({ length: 9 }, () => confirm(factor.wrong())));
  expect(new Set(guesses.map(one => one.status))).toEqual(new Set([422]));
  const [row] = await t.sql('SELECT failed_logins, locked_until FROM users WHERE id = ?', [user.id]);
  expect(row).toEqual({ failed_logins: 5, locked_until: expect.any(String) });
  expect(await refusals(user, 'auth.totp_confirm')).toHaveLength(9);
  expect((await confirm(await factor.code())).status).toBe(422);
});

test('a code that is sent several times at once works once, and is no guess', async () => {
  const user = await t.user();
  const factor = await enrol(t, user);
  const failed = async () =>
    (await t.sql('SELECT failed_logins FROM users WHERE id = ?', [user.id]))[0]?.failed_logins;
  const { id } = await t.make('credentials', { client_id: null });
  const { email, token } = user;
  const tries: [(otp: string) => Promise<Answer>, number][] = [
    [otp => post(`/api/credentials/${id}/break-glass`, { reason: REASON, otp }, token), 200],
    [otp => post('/api/auth/login', { email, password: ADMIN_PASSWORD, otp }), 200],
    [otp => post('/api/auth/totp/disable', { password: ADMIN_PASSWORD, otp }, token), 204],
  ];
  for (const [send, status] of tries) {
    const code = await factor.code();
    const answers = await Promise.all(Array.from({ length: 6 }, () => send(code)));
    expect(answers.filter(one => one.status === status)).toHaveLength(1);
    expect(await failed()).toBe(0);
  }
});

test('a used code beside a wrong password is a guess of the password', async () => {
  const user = await t.user();
  const otp = await (await enrol(t, user)).code();
  expect((await withCode(user, otp)).status).toBe(200);
  expect((await breakGlass(user, { password: WRONG, otp })).status).toBe(403);
  const [row] = await t.sql('SELECT failed_logins FROM users WHERE id = ?', [user.id]);
  expect(row).toEqual({ failed_logins: 1 });
});

const refusals = (user: TestUser, action: string) =>
  t.sql("SELECT n FROM journal WHERE resource_id = ? AND action = ? AND outcome = 'refused'", [
    user.id,
    action,
  ]);

async function proofOf(factor: Factor | undefined): Promise<Proof> {
  return { password: ADMIN_PASSWORD, otp: (await factor?.code()) ?? '' };
}

test('no route that takes a present password or code is missing here', async () => {
  const { paths, components } = await documentOf(t);
  const schemas = (components.schemas ?? {}) as Record<string, { properties?: object }>;
  const asking = Object.entries(paths).flatMap(([path, methods]) =>
    Object.values(methods).some(operation => {
      const body = JSON.stringify(operation.requestBody ?? {});
      const names = [...body.matchAll(/#\/components\/schemas\/(\w+)/g)].flatMap(([, name = '']) =>
        Object.keys(schemas[name]?.properties ?? {}),
      );
      const own = path.startsWith('/api/auth/') && names.includes('password');
      return own || names.includes('otp') || names.includes('current_password');
    })
      ? [path]
      : [],
  );
  expect(asking.length).toBeGreaterThan(4);
  expect(PLACES.map(one => one.route)).toEqual(expect.arrayContaining(asking));
});
