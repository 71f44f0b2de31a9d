import { randomBytes } from 'node:crypto';
import { ageFile } from '../src/formats/age.js';
import { openAgeFile } from '../src/formats/open-age.js';
import { openAge } from './harness/open-age.js';

const PASSPHRASE = 'CANARY four quiet words';
/** A guess costs next to nothing; what the server writes is in test/offboarding.test.ts. */
const whole = async (pieces: Buffer[]) => {
  const parts: Buffer[] = [];
  for await (const part of ageFile(PASSPHRASE, pieces, 10)) parts.push(part);
  return Buffer.concat(parts);
};

/** What the server makes of a file that comes in pieces of any size. */
async function openedHere(file: Buffer, passphrase = PASSPHRASE, size = 7_001): Promise<Buffer> {
  async function* pieces() {
    for (let from = 0; from < file.length; from += size)
      yield await Promise.resolve(file.subarray(from, from + size));
  }
  const parts: Buffer[] = [];
  for await (const part of openAgeFile(passphrase, pieces())) parts.push(part);
  return Buffer.concat(parts);
}

/** Made by age 1.1.1 of Debian (`age -p`), so that what opens both reads the format and not ours alone. */
const BY_AGE =
  'YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCBhQVdWN05xRzB1bWFzbDR1dUxMM213IDE4ClBFL0xBQzVJQnhXMkNZ' +
  'MmNYTXNZZ3BBa0RKMmlPcXBrZXExcjdGMUdOUGMKLS0tIENJMVAzUzdEQmZxZ0dtNUdVZ3dSeVdGRlk3dHlHdTlRT1NvSTh1' +
  'RVUxSFEKX4e5IjC/dKUhAUNxvxHnHffiG1XQpYuJ5VVFZ92uBLB6fdEbvei2xPm7XXgILRc7';

test('what age has made opens, and so does what is made here', async () => {
  expect(openAge(Buffer.from(BY_AGE, 'base64'), PASSPHRASE).toString()).toBe('a secret of age\n');
  expect((await openedHere(Buffer.from(BY_AGE, 'base64'))).toString()).toBe('a secret of age\n');
  for (const size of [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000]) {
    const text = randomBytes(size);
    const pieces = [text.subarray(0, 1000), text.subarray(1000, 70_000), text.subarray(70_000)].map(one =>
      Buffer.from(one),
    );
    const file = await whole(pieces);
    expect(openAge(file, PASSPHRASE).equals(text)).toBe(true);
    for (const piece of [100, 7_001, 1_000_000])
      expect((await openedHere(file, PASSPHRASE, piece)).equals(text)).toBe(true);
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

test('the server, too, opens nothing that was cut, altered or is none, and spends no memory on who asks for much', async () => {
  const file = await whole([randomBytes(150_000)]);
  const payload = file.indexOf('\n', file.indexOf('\n---') + 4) + 17;
  for (const length of [payload - 1, payload, payload + 65_552, payload + 2 * 65_552, file.length - 1])
    await expect(openedHere(file.subarray(0, length))).rejects.toThrow(/does not open|is no file of age/);
  for (const at of [payload - 20, payload + 100, file.length - 5]) {
    const altered = Buffer.from(file);
    altered[at] = (altered[at] ?? 0) ^ 1;
    await expect(openedHere(altered)).rejects.toThrow(/does not open|is no file of age/);
  }
  await expect(openedHere(file, `${PASSPHRASE}!`)).rejects.toThrow('does not open');
  const greedy = Buffer.from(file.toString('latin1').replace(/ 10\n/, ' 30\n'), 'latin1');
  await expect(openedHere(greedy)).rejects.toThrow('is no file of age');
  await expect(openedHere(randomBytes(5_000))).rejects.toThrow('is no file of age');
});
