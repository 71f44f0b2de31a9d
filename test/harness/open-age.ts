import { createDecipheriv, createHmac, hkdfSync, scryptSync } from 'node:crypto';

const open = (key: Buffer, nonce: Buffer, sealed: Buffer): Buffer => {
  const decipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 });
  decipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
};
const derived = (key: Buffer, salt: Buffer, info: string) =>
  Buffer.from(hkdfSync('sha256', key, salt, info, 32));

/** Opens a file of age under a passphrase (C2SP age v1); throws where it was cut off or altered. */
export function openAge(file: Buffer, passphrase: string): Buffer {
  const end = file.indexOf('\n---') + 4;
  const lines = file.subarray(0, end).toString().split('\n');
  const [, , salt = '', logN] = lines[1]?.split(' ') ?? [];
  if (lines[0] !== 'age-encryption.org/v1' || !lines[1]?.startsWith('-> scrypt ')) throw new Error('No age');
  const N = 2 ** Number(logN);
  const salted = Buffer.concat([Buffer.from('age-encryption.org/v1/scrypt'), Buffer.from(salt, 'base64')]);
  const wrapping = scryptSync(passphrase, salted, 32, { N, r: 8, p: 1, maxmem: 2048 * N });
  const fileKey = open(wrapping, Buffer.alloc(12), Buffer.from(lines[2] ?? '', 'base64'));
  const mac = createHmac('sha256', derived(fileKey, Buffer.alloc(0), 'header'))
    .update(file.subarray(0, end))
    .digest();
  const payload = file.indexOf('\n', end) + 1;
  if (!mac.equals(Buffer.from(file.subarray(end + 1, payload - 1).toString(), 'base64')))
    throw new Error('The header was altered');
  const key = derived(fileKey, file.subarray(payload, payload + 16), 'payload');
  const chunks: Buffer[] = [];
  for (let from = payload + 16, count = 0; ; from += 65_552, count++) {
    const chunk = file.subarray(from, from + 65_552);
    const nonce = Buffer.alloc(12);
    nonce.writeUIntBE(count, 5, 6);
    const isLast = from + 65_552 >= file.length;
    nonce[11] = isLast ? 1 : 0;
    chunks.push(open(key, nonce, chunk));
    if (isLast) return Buffer.concat(chunks);
  }
}
