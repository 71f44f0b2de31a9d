import { randomBytes } from 'node:crypto';
import { ageFile } from '../src/formats/age.js';
import { openAge } from './harness/open-age.js';

const PASSPHRASE = 'CANARY four quiet words';
/** A guess costs next to nothing; what the server writes is in test/offboarding.test.ts. */
const whole = async (pieces: Buffer[]) => {
  const parts: Buffer[] = [];
  for await (const part of ageFile(PASSPHRASE, pieces, 10)) parts.push(part);
  return Buffer.concat(parts);
};

/** Made by age 1.1.1 of Debian (`age -p`), so that what opens both reads the format and not ours alone. */
const BY_AGE =
  'YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCBhQVdWN05xRzB1bWFzbDR1dUxMM213IDE4ClBFL0xBQzVJQnhXMkNZ' +
  'MmNYTXNZZ3BBa0RKMmlPcXBrZXExcjdGMUdOUGMKLS0tIENJMVAzUzdEQmZxZ0dtNUdVZ3dSeVdGRlk3dHlHdTlRT1NvSTh1' +
  'RVUxSFEKX4e5IjC/dKUhAUNxvxHnHffiG1XQpYuJ5VVFZ92uBLB6fdEbvei2xPm7XXgILRc7';

test('what age has made opens, and so does what is made here', async () => {
  expect(openAge(Buffer.from(BY_AGE, 'base64'), PASSPHRASE).toString()).toBe('a secret of age\n');
  for (const size of [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000]) {
    const text = randomBytes(size);
    const pieces = [text.subarray(0, 1000), text.subarray(1000, 70_000), text.subarray(70_000)].map(one =>
      Buffer.from(one),
    );
    const file = await whole(pieces);
    expect(openAge(file, PASSPHRASE).equals(text)).toBe(true);
    expect(pieces.every(one => one.every(byte => byte === 0))).toBe(true);
  }
});

test('cut off at any chunk, altered in one bit, or under another passphrase it does not open', async () => {
  const file = await whole([randomBytes(150_000)]);
  const payload = file.indexOf('\n', file.indexOf('\n---') + 4) + 17;
  for (const length of [payload + 65_552, payload + 2 * 65_552, file.length - 1])
    expect(() => openAge(file.subarray(0, length), PASSPHRASE)).toThrow();
  for (const at of [30, payload - 20, payload + 100, file.length - 5]) {
    const altered = Buffer.from(file);
    altered[at] = (altered[at] ?? 0) ^ 1;
    expect(() => openAge(altered, PASSPHRASE)).toThrow();
  }
  expect(() => openAge(file, `${PASSPHRASE}!`)).toThrow();
});
