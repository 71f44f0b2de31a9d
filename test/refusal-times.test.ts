import argon2 from 'argon2';
import bcrypt from 'bcryptjs';
import { ADMIN_PASSWORD, type Answer, startApp, type TestApp } from './app.js';
import { leastOfTries } from './harness/tries.js';

const WRONG = 'CANARY this is not the password 7';

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ inEarnest: true });
});
afterAll(() => t.close());

const logIn = (email: string, password: string): Promise<Answer> =>
  t.http('POST', '/api/auth/login', { token: null, body: { email, password } });

/** The address of a user of an earlier system. */
async function migrated(): Promise<string> {
  const { id, email } = await t.user();
  const hash = await bcrypt.hash(ADMIN_PASSWORD, 10);
  await t.change('UPDATE users SET password_hash = ? WHERE id = ?', [hash, id]);
  return email;
}

test('a refusal comes after a whole second, the same one, for nobody, Argon2, bcrypt, too long and the right password when locked', async () => {
  const locked = await t.user();
  await t.change("UPDATE users SET locked_until = '2999-01-01 00:00:00.000' WHERE id = ?", [locked.id]);
  const { email: known } = await t.user();
  const [short, long] = [await migrated(), await migrated()];
  const ways: Record<string, () => Promise<Answer>> = {
    nobody: () => logIn('nobody@canary.test', WRONG),
    argon2: () => logIn(known, WRONG),
    bcrypt: () => logIn(short, WRONG),
    'too long for bcrypt': () => logIn(long, WRONG.padEnd(100, 'x')),
    locked: () => logIn(locked.email, ADMIN_PASSWORD),
  };
  const worked: Record<string, number> = {};
  for (const [name, way] of Object.entries(ways)) {
    const beyond = await leastOfTries(40, async () => {
      const before = process.cpuUsage();
      const began = performance.now();
      expect((await way()).status).toBe(401);
      const seconds = (performance.now() - began) / 1000;
      expect(Math.round(seconds)).toBeGreaterThan(0);
      const { user, system } = process.cpuUsage(before);
      worked[name] = Math.min(worked[name] ?? Infinity, (user + system) / 1000);
      return Math.abs(seconds - Math.round(seconds)) * 1000;
    });
    expect(beyond).toBeLessThan(40);
  }
  // So it is one second for each of them, unless the machine is busy with other things.
  expect(Math.max(...Object.values(worked))).toBeLessThan(1_000);
});

test('a hash takes Argon2id 64 MiB and three passes; one that costs less is replaced by the next login', async () => {
  const hashOf = async (id: string) =>
    (await t.sql('SELECT password_hash FROM users WHERE id = ?', [id]))[0]?.password_hash;
  const inFull = /^\$argon2id\$v=19\$m=65536,t=3,p=1\$/;
  expect(await hashOf(t.admin.id)).toMatch(inFull);
  const { id, email } = await t.user();
  const less = await argon2.hash(ADMIN_PASSWORD, { memoryCost: 1024, timeCost: 2, parallelism: 1 });
  await t.change('UPDATE users SET password_hash = ? WHERE id = ?', [less, id]);
  expect((await logIn(email, ADMIN_PASSWORD)).status).toBe(200);
  expect(await hashOf(id)).toMatch(inFull);
});
