import argon2 from 'argon2';
import { ADMIN_PASSWORD, type TestApp, type TestUser } from '../app.js';

/**
 * Gives a user's password a hash that costs next to nothing: for many guesses at once, where the cost is not what is
 * tested.
 */
export async function makeCheap<T extends TestUser>(t: TestApp, user: T): Promise<T> {
  const hash = await argon2.hash(ADMIN_PASSWORD, { memoryCost: 1024, timeCost: 2, parallelism: 1 });
  await t.change('UPDATE users SET password_hash = ? WHERE id = ?', [hash, user.id]);
  return user;
}
