import { createCipheriv } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decryptGcm, encryptGcm, openBytes } from '../src/formats/aes-gcm.js';
import { hkdfSha256, hmacSha256, pbkdf2Sha256 } from '../src/formats/derivation.js';
import { openFernet } from '../src/formats/fernet.js';
import { FormatError } from '../src/formats/format-error.js';

type Vector = Record<string, string> & { tcId: number; size: number; iterationCount: number; dkLen: number };
interface Group {
  ivSize: number;
  keySize: number;
  tagSize: number;
  tests: Vector[];
}

const read = <T>(name: string): T =>
  JSON.parse(readFileSync(join(__dirname, 'vectors', `${name}.json`), 'utf8')) as T;
const groups = (name: string): Group[] => read<{ testGroups: Group[] }>(`${name}_test`).testGroups;
const hex = (text = ''): Buffer => Buffer.from(text, 'hex');

describe('AES-256-GCM (Wycheproof)', () => {
  const vectors = groups('aes_gcm')
    .filter(group => group.keySize === 256 && group.ivSize === 96)
    .flatMap(group => group.tests);

  test('there are 66 of them', () => expect(vectors).toHaveLength(66));

  test.each(vectors.map(one => [one.tcId, one] as const))(
    '%d',
    (_, { key, iv, aad, msg, ct, tag, result }) => {
      const sealed = hex(`${ct}${tag}`);
      if (result === 'valid') {
        expect(encryptGcm(hex(key), hex(iv), hex(aad), hex(msg))).toEqual(sealed);
        expect(decryptGcm(hex(key), hex(iv), hex(aad), sealed)).toEqual(hex(msg));
        expect(openBytes(hex(key), hex(aad), hex(`${iv}${ct}${tag}`))).toEqual(hex(msg));
      } else {
        expect(() => decryptGcm(hex(key), hex(iv), hex(aad), sealed)).toThrow(FormatError);
      }
    },
  );

  test.each(groups('aes_gcm').filter(group => group.ivSize !== 96 && group.keySize === 256))(
    'nonces of another length are refused',
    ({ tests }) => {
      for (const { key, iv, aad, ct, tag } of tests)
        expect(() => decryptGcm(hex(key), hex(iv), hex(aad), hex(`${ct}${tag}`))).toThrow(FormatError);
    },
  );
});

test.each(groups('hmac_sha256'))('HMAC-SHA256 (Wycheproof), key of $keySize, tag of $tagSize', group => {
  for (const { key, msg, tag, result } of group.tests) {
    const made = hmacSha256(hex(key), hex(msg)).subarray(0, group.tagSize / 8);
    expect(made.equals(hex(tag))).toBe(result === 'valid');
  }
});

test.each(groups('hkdf_sha256'))('HKDF-SHA256 (Wycheproof), key of $keySize', ({ tests }) => {
  for (const { ikm, salt, info, size, okm, result } of tests) {
    const derive = () => hkdfSha256(hex(ikm), hex(salt), hex(info), size);
    if (result === 'valid') expect(derive()).toEqual(hex(okm));
    else expect(derive).toThrow();
  }
});

test.each(groups('pbkdf2_hmacsha256'))('PBKDF2-HMAC-SHA256 (Wycheproof)', ({ tests }) => {
  for (const { password, salt, iterationCount, dkLen, dk } of tests)
    expect(pbkdf2Sha256(hex(password), hex(salt), iterationCount, dkLen)).toEqual(hex(dk));
});

describe('Fernet (fernet/spec)', () => {
  interface FernetVector {
    desc: string;
    token: string;
    now: string;
    ttl_sec: number;
    src: string;
    secret: string;
    iv: number[];
  }
  const key = ({ secret }: FernetVector) => Buffer.from(secret, 'base64url');
  const limit = ({ ttl_sec, now }: FernetVector) => ({ ttlSeconds: ttl_sec, now: new Date(now) });

  /** Nothing of ours writes Fernet: the token of the specification, made anew, shows that we read the same. */
  function generate(vector: FernetVector): string {
    const header = Buffer.alloc(9, 0x80);
    header.writeBigUInt64BE(BigInt(new Date(vector.now).getTime() / 1000), 1);
    const iv = Buffer.from(vector.iv);
    const cipher = createCipheriv('aes-128-cbc', key(vector).subarray(16), iv);
    const signed = Buffer.concat([header, iv, cipher.update(vector.src), cipher.final()]);
    const token = Buffer.concat([signed, hmacSha256(key(vector).subarray(0, 16), signed)]).toString(
      'base64url',
    );
    return token.padEnd(Math.ceil(token.length / 4) * 4, '=');
  }

  test.each(read<FernetVector[]>('fernet_generate'))('generate: $src', vector => {
    expect(generate(vector)).toBe(vector.token);
    expect(openFernet(key(vector), vector.token).toString()).toBe(vector.src);
  });

  test.each(read<FernetVector[]>('fernet_verify'))('verify: $src', vector => {
    expect(openFernet(key(vector), vector.token, limit(vector)).toString()).toBe(vector.src);
  });

  test.each(read<FernetVector[]>('fernet_invalid'))('invalid: $desc', vector => {
    expect(() => openFernet(key(vector), vector.token, limit(vector))).toThrow(FormatError);
    const timely = () => openFernet(key(vector), vector.token);
    if (/far-future|expired/.test(vector.desc)) expect(timely).not.toThrow();
    else expect(timely).toThrow(FormatError);
  });
});
