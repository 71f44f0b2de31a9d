import { TurnBatch } from '../src/core/access/tokens/turn-batch.js';
import { Passwords } from '../src/core/access/factors/passwords.js';
import { Units } from '../src/core/database/units.js';
import { ADMIN_PASSWORD, type Answer, startApp, type TestApp, type TestUser } from './app.js';
import { enrol, type Factor } from './harness/second-factor.js';

const WRONG = 'CANARY this is not the password 7';
const NEW_PASSWORD = 'CANARY orange tractor lemming 41';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

interface Guess {
  password: string;
  otp?: string;
}
type Way = (user: TestUser, guess: Guess) => Promise<Answer>;

const post = (path: string, body: object, token: string | null = null) =>
  t.http('POST', path, { token, body });

/** Every way to try a password; what it needs besides is right. */
const WAYS: [string, { factor: boolean; accepted: number; way: Way }][] = [
  ['login', { factor: false, accepted: 200, way: ({ email }, guess) => post('/api/auth/login', { email, ...guess }) }],
  ['login with a second factor', { factor: true, accepted: 200, way: ({ email }, guess) => post('/api/auth/login', { email, ...guess }) }],
  [
    'login that is asked for the second factor',
    { factor: true, accepted: 401, way: ({ email }, { password }) => post('/api/auth/login', { email, password }) },
  ],
  [
    'token',
    {
      factor: false,
      accepted: 200,
      way: ({ email: username }, { password }) =>
        t.http('POST', '/api/auth/token', {
          token: null,
          body: new URLSearchParams({ grant_type: 'password', username, password }).toString(),
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        }),
    },
  ],
  [
    'change-password',
    {
      factor: false,
      accepted: 200,
      way: ({ token }, { password: current_password }) =>
        post('/api/auth/change-password', { current_password, new_password: NEW_PASSWORD }, token),
    },
  ],
  ['totp/enroll', { factor: false, accepted: 200, way: ({ token }, { password }) => post('/api/auth/totp/enroll', { password }, token) }],
  ['totp/disable', { factor: true, accepted: 204, way: ({ token }, guess) => post('/api/auth/totp/disable', guess, token) }],
]; // prettier-ignore

const wasAccepted = ({ status, body }: Answer, accepted: number) =>
  accepted === 401 ? body.details.otp_required === true : status === accepted;

async function someone(factor: boolean): Promise<{ user: TestUser; factor?: Factor }> {
  const user = await t.user();
  return { user, factor: factor ? await enrol(t, user) : undefined };
}

const stateOf = async ({ id }: TestUser) =>
  (await t.sql('SELECT failed_logins, locked_until FROM users WHERE id = ?', [id]))[0] ?? {};

describe.each(WAYS)('%s', (_, { factor: wanted, accepted, way }) => {
  test('a right password that was looked at before the lock is refused after it', async () => {
    const { user, factor } = await someone(wanted);
    const otp = await factor?.code();
    const passwords = t.app.get(Passwords);
    const check = passwords.check.bind(passwords);
    const looking = jest.spyOn(passwords, 'check').mockImplementation(async (...given) => {
      const found = await check(...given);
      await t.change("UPDATE users SET locked_until = '2999-01-01 00:00:00.000' WHERE id = ?", [user.id]);
      return found;
    });
    const answer = await way(user, { password: ADMIN_PASSWORD, otp });
    expect(await looking.mock.results[0]?.value).toMatchObject({ matches: true });
    looking.mockRestore();
    expect(wasAccepted(answer, accepted)).toBe(false);
  });

  test('of many wrong ones at once five count', async () => {
    const { user, factor } = await someone(wanted);
    const otp = await factor?.code();
    const guesses = Array.from({ length: 12 }, () => way(user, { password: WRONG, otp }));
    for (const answer of await Promise.all(guesses)) expect(wasAccepted(answer, accepted)).toBe(false);
    const { failed_logins, locked_until } = await stateOf(user);
    expect({ failed_logins, locked: locked_until !== null }).toEqual({ failed_logins: 5, locked: true });
    expect(wasAccepted(await way(user, { password: ADMIN_PASSWORD, otp }), accepted)).toBe(false);
  });
});

test('a weak new password does not tell whether the present one was right', async () => {
  const user = await t.user();
  const answers = [];
  for (const current_password of [WRONG, ADMIN_PASSWORD])
    answers.push(await post('/api/auth/change-password', { current_password, new_password: 'aaaaaaaaaaaa' }, user.token)); // prettier-ignore
  expect(answers.map(one => [one.status, one.body.details])).toEqual([
    [422, answers[1]?.body.details],
    [422, answers[1]?.body.details],
  ]);
});

describe('codes in X-Opskeep-Otp', () => {
  test('of fifty at once five count; the right one is refused after them, also as a login', async () => {
    const { user, factor } = await someone(true);
    const credential = await t.make('credentials', { reveal_policy: 'otp' });
    const reveal = (otp: string) =>
      t.http('GET', `/api/credentials/${credential.id}`, {
        token: user.token,
        headers: { 'X-Opskeep-Otp': otp },
      });
    const wrong = factor?.wrong() ?? '';
    const answers = await Promise.all(Array.from({ length: 50 }, () => reveal(wrong)));
    expect(new Set(answers.map(one => one.status))).toEqual(new Set([403]));
    expect((await stateOf(user)).failed_logins).toBe(5);
    const otp = (await factor?.code()) ?? '';
    expect((await reveal(otp)).status).toBe(403);
    const { email } = user;
    expect((await post('/api/auth/login', { email, password: ADMIN_PASSWORD, otp })).status).toBe(401);
  });
});

test('all of them count against the limit of logins', async () => {
  const limited = await startApp({ settings: { LOGIN_LIMIT_PER_MINUTE: '5' } });
  try {
    const { token } = await limited.user();
    const credential = await limited.make('credentials', { reveal_policy: 'otp' });
    const bad = { token, body: { password: WRONG, otp: '000000' } };
    const change = { current_password: WRONG, new_password: NEW_PASSWORD };
    const tries = [
      () => limited.http('POST', '/api/auth/totp/enroll', { token, body: { password: WRONG } }),
      () => limited.http('POST', '/api/auth/totp/disable', bad),
      () => limited.http('POST', '/api/auth/totp/confirm', { token, body: { otp: '000000' } }),
      () => limited.http('POST', '/api/auth/change-password', { token, body: change }),
      () => limited.http('GET', `/api/credentials/${credential.id}`, { headers: { 'X-Opskeep-Otp': '000000' } }),
    ]; // prettier-ignore
    const statuses = [];
    for (const attempt of tries) statuses.push((await attempt()).status);
    expect(statuses).toEqual([422, 422, 422, 422, 403]);
    for (const attempt of tries) expect((await attempt()).status).toBe(429);
  } finally {
    await limited.close();
  }
});

test('units that look at their logins in the same turn share one query, whose failure is no matter of the others', async () => {
  const units = t.app.get(Units);
  const asked: string[][] = [];
  let isLost = false;
  const batch = new TurnBatch<{ id: string }>(units, async ids => {
    asked.push(ids);
    if (isLost && ids.length > 1) throw new Error('The connection was lost');
    const rows = await units.sql.select<{ id: string }>('SELECT id FROM users WHERE id IN (?)', [
      ids.at(0) ?? '',
    ]);
    return new Map(rows.map(row => [row.id, row]));
  });
  const ids = [t.admin.id, 'nobody'];
  const look = () => Promise.all(ids.map(id => units.run(() => batch.get(id))));
  // SQLite runs one unit at a time.
  const isShared = units.sql.dialect === 'mariadb';
  expect((await look()).map(one => one?.id)).toEqual([t.admin.id, undefined]);
  expect(asked).toEqual(isShared ? [ids] : ids.map(id => [id]));
  isLost = true;
  expect((await look()).map(one => one?.id)).toEqual([t.admin.id, undefined]);
  // What a unit has changed is true for itself alone.
  asked.length = 0;
  await units
    .run(async () => {
      await units.sql.change('UPDATE users SET name = name WHERE id = ?', [t.admin.id]);
      await Promise.all(ids.map(id => batch.get(id)));
      throw new Error('undone');
    })
    .catch(() => undefined);
  expect(asked).toEqual(ids.map(id => [id]));
});
