import { Secret, TOTP } from 'otpauth';
import { ADMIN_PASSWORD, type Answer, startApp, type TestApp, type TestUser } from './app.js';
import { query } from './harness/query.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

/** The code of a seed, `steps` half minutes from now. */
const codeOf = (seed: string, steps = 0): string =>
  new TOTP({ secret: Secret.fromBase32(seed) }).generate({ timestamp: Date.now() + steps * 30_000 });

/** What needs the password is given it. */
const act = (user: TestUser, verb: string, otp?: string, password = ADMIN_PASSWORD): Promise<Answer> =>
  t.http('POST', `/api/auth/totp/${verb}`, {
    token: user.token,
    body: { ...(verb === 'confirm' ? {} : { password }), ...(otp === undefined ? {} : { otp }) },
  });

const logIn = (user: TestUser, otp?: string): Promise<Answer> =>
  t.http('POST', '/api/auth/login', {
    token: null,
    body: { email: user.email, password: ADMIN_PASSWORD, ...(otp === undefined ? {} : { otp }) },
  });

const change = (text: string, values: string[]) =>
  query(t.opened.settings.DATABASE_URL.reveal(), text, values);

/** Codes that were used become usable again, as half a minute later. */
const forgetUse = (user: TestUser) => change('UPDATE users SET totp_step = 0 WHERE id = ?', [user.id]);

async function enrolled(): Promise<{ user: TestUser; seed: string }> {
  const user = await t.user();
  const seed = String((await act(user, 'enroll')).body.secret);
  expect((await act(user, 'confirm', codeOf(seed))).status).toBe(204);
  await forgetUse(user);
  return { user, seed };
}

describe('the second factor', () => {
  test('counts the codes of RFC 6238, appendix B', () => {
    const totp = new TOTP({ secret: Secret.fromUTF8('12345678901234567890') });
    const codes = [59, 1111111109, 1111111111, 1234567890, 2000000000, 20000000000].map(seconds =>
      totp.generate({ timestamp: seconds * 1000 }),
    );
    expect(codes).toEqual(['287082', '081804', '050471', '005924', '279037', '353130']);
  });

  test('is enrolled, confirmed, asked for, used once and disabled', async () => {
    const user = await t.user();
    const enrolment = await act(user, 'enroll');
    expect(enrolment.headers['cache-control']).toBe('no-store');
    const { secret: seed, uri } = enrolment.body as unknown as { secret: string; uri: string };
    expect(seed).toMatch(/^[A-Z2-7]{32}$/);
    expect(new URL(uri).searchParams.get('secret')).toBe(seed);
    // Until it is confirmed nobody is asked.
    expect((await logIn(user)).status).toBe(200);
    expect((await act(user, 'confirm', codeOf(seed, -5))).status).toBe(422);
    expect((await act(user, 'confirm', codeOf(seed))).status).toBe(204);
    const asked = await logIn(user);
    expect(asked.status).toBe(401);
    expect(asked.body.details).toMatchObject({ otp_required: true });
    // The code of the confirmation is used up; the next one is good, once.
    expect((await logIn(user, codeOf(seed))).status).toBe(401);
    const next = codeOf(seed, 1);
    expect((await logIn(user, next)).status).toBe(200);
    expect((await logIn(user, next)).status).toBe(401);
    // One that is older than the last one used is no better.
    expect((await logIn(user, codeOf(seed, -1))).status).toBe(401);
    await forgetUse(user);
    expect((await act(user, 'disable', codeOf(seed))).status).toBe(204);
    expect((await logIn(user)).status).toBe(200);
    const [stored] = await t.sql('SELECT totp_enrolled, totp_sealed FROM users WHERE id = ?', [user.id]);
    expect(stored).toEqual({ totp_enrolled: 0, totp_sealed: null });
  });

  test('one code lets fifty at once in once', async () => {
    const { user, seed } = await enrolled();
    const code = codeOf(seed);
    const disables = await Promise.all(Array.from({ length: 50 }, () => act(user, 'disable', code)));
    expect(disables.filter(one => one.status === 204)).toHaveLength(1);
    expect(new Set(disables.map(one => one.status))).toEqual(new Set([204, 422]));
  });

  test('one code gives ten logins at once one token', async () => {
    const { user, seed } = await enrolled();
    const code = codeOf(seed);
    const answers = await Promise.all(Array.from({ length: 10 }, () => logIn(user, code)));
    expect(answers.filter(one => one.status === 200)).toHaveLength(1);
  });

  test('wrong codes count like wrong passwords, also with a stolen token', async () => {
    const { user, seed } = await enrolled();
    const wrong = codeOf(seed) === '000000' ? '000001' : '000000';
    for (let n = 0; n < 5; n++) await act(user, 'disable', wrong);
    expect((await act(user, 'disable', codeOf(seed))).status).toBe(422);
    expect((await logIn(user, codeOf(seed))).status).toBe(401);
    const [row] = await t.sql('SELECT failed_logins, totp_enrolled FROM users WHERE id = ?', [user.id]);
    expect(row).toEqual({ failed_logins: 5, totp_enrolled: 1 });
  });

  test.each(['enroll', 'disable'])('%s needs the password; wrong ones count', async verb => {
    const { user, seed } = verb === 'disable' ? await enrolled() : { user: await t.user(), seed: '' };
    const otp = verb === 'disable' ? codeOf(seed) : undefined;
    const { token } = user;
    const without = await t.http('POST', `/api/auth/totp/${verb}`, { token, body: otp ? { otp } : {} });
    expect([without.status, without.body.details.field]).toEqual([422, 'password']);
    const refused = await act(user, verb, otp, 'CANARY not the password 8');
    expect([refused.status, refused.text.includes('CANARY')]).toEqual([422, false]);
    const [row] = await t.sql('SELECT failed_logins, totp_enrolled FROM users WHERE id = ?', [user.id]);
    expect(row).toEqual({ failed_logins: 1, totp_enrolled: verb === 'disable' ? 1 : 0 });
    expect((await act(user, verb, otp)).status).toBe(verb === 'disable' ? 204 : 200);
    const entries = await t.sql(
      `SELECT outcome FROM journal WHERE action = 'auth.totp_${verb}' AND resource_id = ? ORDER BY n`,
      [user.id],
    );
    expect(entries.map(one => one.outcome)).toEqual(['refused', 'ok']);
  });

  test('wrong codes at the log-in lock too, and tell nothing', async () => {
    const { user, seed } = await enrolled();
    const wrong = codeOf(seed) === '000000' ? '000001' : '000000';
    const refused = await logIn(user, wrong);
    expect(refused.body.error).toContain('Wrong email, password or code');
    for (let n = 0; n < 4; n++) await logIn(user, wrong);
    expect((await logIn(user, codeOf(seed))).status).toBe(401);
  });

  test('is not replaced while it is enrolled, also by two at once', async () => {
    const { user } = await enrolled();
    expect((await act(user, 'enroll')).status).toBe(409);
    const other = await t.user();
    const [one, two] = await Promise.all([act(other, 'enroll'), act(other, 'enroll')]);
    const seeds = [one, two].map(answer => String(answer?.body.secret));
    const confirmed = [];
    for (const seed of seeds) confirmed.push((await act(other, 'confirm', codeOf(seed))).status);
    expect(confirmed.sort()).toEqual([204, 422]);
  });

  test('a seed that was moved to another user, or altered, opens nothing', async () => {
    const { user, seed } = await enrolled();
    const other = await enrolled();
    await change('UPDATE users SET totp_sealed = (SELECT * FROM (SELECT totp_sealed FROM users WHERE id = ?) AS one) WHERE id = ?', [user.id, other.user.id]); // prettier-ignore
    const answer = await logIn(other.user, codeOf(seed));
    expect(answer.status).toBe(500);
    expect(answer.body).toMatchObject({ code: 'internal', details: {} });
    expect(answer.text).not.toMatch(/unable|gcm|OpeningError|users/i);
  });

  test('the seed is stored sealed, and no entry or answer shows it', async () => {
    const { user, seed } = await enrolled();
    const [row] = await t.sql<{ totp_sealed: string }>('SELECT totp_sealed FROM users WHERE id = ?', [
      user.id,
    ]);
    expect(row?.totp_sealed).toMatch(/^v3\./);
    expect(JSON.stringify(await t.sql('SELECT * FROM journal'))).not.toContain(seed);
    expect((await t.http('GET', `/api/users/${user.id}`)).text).not.toMatch(/sealed|totp_step/);
  });
});
