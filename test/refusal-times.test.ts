import bcrypt from 'bcryptjs';
import { ADMIN_PASSWORD, type Answer, startApp, type TestApp } from './app.js';
import { leastOfTries } from './harness/tries.js';

const WRONG = 'CANARY this is not the password 7';

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ unhurried: true });
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
  const { email: argon2 } = await t.user();
  const [short, long] = [await migrated(), await migrated()];
  const ways: Record<string, () => Promise<Answer>> = {
    nobody: () => logIn('nobody@canary.test', WRONG),
    argon2: () => logIn(argon2, WRONG),
    bcrypt: () => logIn(short, WRONG),
    'too long for bcrypt': () => logIn(long, WRONG.padEnd(100, 'x')),
    locked: () => logIn(locked.email, ADMIN_PASSWORD),
  };
  const worked: Record<string, number> = {};
  const off = await leastOfTries(40, async () => {
    const beyond: number[] = [];
    for (const [name, way] of Object.entries(ways)) {
      const before = process.cpuUsage();
      const began = performance.now();
      expect((await way()).status).toBe(401);
      const seconds = (performance.now() - began) / 1000;
      expect(Math.round(seconds)).toBeGreaterThan(0);
      beyond.push(Math.abs(seconds - Math.round(seconds)) * 1000);
      const { user, system } = process.cpuUsage(before);
      worked[name] = Math.min(worked[name] ?? Infinity, (user + system) / 1000);
    }
    return Math.max(...beyond);
  });
  expect(off).toBeLessThan(40);
  // So it is one second for each of them, unless the machine is busy with other things.
  expect(Math.max(...Object.values(worked))).toBeLessThan(1_000);
});
