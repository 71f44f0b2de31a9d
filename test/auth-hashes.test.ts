import bcrypt from 'bcryptjs';
import { ADMIN_PASSWORD, type Answer, startApp, type TestApp, type TestUser } from './app.js';

const COST = 10;

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

const logIn = (email: string, password: string): Promise<Answer> =>
  t.http('POST', '/api/auth/login', { token: null, body: { email, password } });

/** A user of an earlier system. */
async function migrated(password: string): Promise<TestUser> {
  const user = await t.user();
  const hash = await bcrypt.hash(password, COST);
  await t.change('UPDATE users SET password_hash = ? WHERE id = ?', [hash, user.id]);
  return user;
}

async function hashOf(user: TestUser): Promise<string> {
  return String((await t.sql('SELECT password_hash FROM users WHERE id = ?', [user.id]))[0]?.password_hash);
}

test('of 72 bytes a bcrypt hash knows all, and is replaced', async () => {
  const password = `CANARY ${'ä'.repeat(32)}.`;
  expect(Buffer.byteLength(password)).toBe(72);
  const user = await migrated(password);
  expect((await logIn(user.email, password)).status).toBe(200);
  expect(await hashOf(user)).toMatch(/^\$argon2id\$/);
});

test('beyond 72 bytes nothing is let in, and nothing is stored', async () => {
  const long = `CANARY ${'x'.repeat(80)}`;
  const user = await migrated(long);
  // Bcrypt itself takes them for the same.
  expect(await bcrypt.compare(`${long.slice(0, 72)} and any end`, await hashOf(user))).toBe(true);
  for (const password of [`${long.slice(0, 72)} and any end`, long])
    expect((await logIn(user.email, password)).status).toBe(401);
  expect(await hashOf(user)).toMatch(/^\$2b\$/);
});

test.each(['03', '15', '31'])('a hash of cost %s is not even tried', async cost => {
  const user = await t.user();
  const hash = (await bcrypt.hash(ADMIN_PASSWORD, 4)).replace('$04$', `$${cost}$`);
  await t.change('UPDATE users SET password_hash = ? WHERE id = ?', [hash, user.id]);
  expect((await logIn(user.email, ADMIN_PASSWORD)).status).toBe(401);
});

describe('seeds of one-time codes', () => {
  const uri = (more: string) => `otpauth://totp/CANARY?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP${more}`;

  test.each(['&period=15', '&period=120', '&digits=6', '&digits=8'])('with %s are taken', async more => {
    const { id } = await t.make('credentials', { totp_secret: uri(more) });
    expect((await t.http('GET', `/api/credentials/${id}/otp`)).status).toBe(200);
  });

  test.each(['&period=14', '&period=121', '&period=1000000000', '&digits=5', '&digits=9', '&digits=1000'])(
    'with %s are refused, also by an update and a rotation',
    async more => {
      const totp_secret = uri(more);
      const body = await t.body('credentials', { totp_secret });
      const { id } = await t.make('credentials');
      const answers = [
        await t.http('POST', '/api/credentials', { body }),
        await t.http('PATCH', `/api/credentials/${id}`, { body: { totp_secret } }),
        await t.http('POST', `/api/credentials/${id}/rotate`, { body: { field: 'totp_secret', value: totp_secret } }), // prettier-ignore
      ];
      expect(answers.map(one => [one.status, one.body.details.field])).toEqual(
        Array(3).fill([422, 'totp_secret']),
      );
      expect(answers.map(one => one.text).join()).not.toContain('JBSWY');
    },
  );
});
