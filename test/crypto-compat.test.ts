import { spawn } from 'node:child_process';
import { createHash, pbkdf2Sync, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import * as crypto from '../src/formats/crypto.js';
import { isPublishedKey } from '../src/formats/key-text.js';
import { openSqlite } from '../src/formats/sqlite-driver.js';

const { decrypt, decryptString, encrypt, encryptString, getOrCreateUserKey, resolveMasterKey } = crypto;

const FERNET_KEY = Buffer.from('cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=', 'base64url').toString('hex');
const FERNET =
  'gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==';
const folder = mkdtempSync(join(tmpdir(), 'opskeep-compat-'));
const environment = { ...process.env };

beforeEach(() => {
  process.env.ENCRYPTION_KEY = FERNET_KEY;
  delete process.env.API_KEY_MASTER_KEY;
});
afterAll(() => {
  process.env = environment;
  rmSync(folder, { recursive: true, force: true });
});

test('exports the functions of the contract and nothing else', () => {
  expect(Object.keys(crypto).sort()).toEqual([
    'apiKeyHash', 'decrypt', 'decryptString', 'encrypt', 'encryptString', 'encryptUserSecrets',
    'generateEncryptionKey', 'getOrCreateUserKey', 'getPoolKey', 'isEncrypted', 'resolveMasterKey',
  ]); // prettier-ignore
});

test('generateEncryptionKey gives 64 hex digits, another each time', () => {
  expect(crypto.generateEncryptionKey()).toMatch(/^[0-9a-f]{64}$/);
  expect(crypto.generateEncryptionKey()).not.toBe(crypto.generateEncryptionKey());
});

describe('encrypt and decrypt', () => {
  const key = randomBytes(32);

  test('write v2: with padding and read it with or without either', () => {
    for (const text of ['', 'hunter2', 'päss 🔑', 'x'.repeat(1000)]) {
      const token = encrypt(text, key);
      expect(token).toMatch(/^v2:[A-Za-z0-9_-]+={0,2}$/);
      expect((token.length - 3) % 4).toBe(0);
      for (const spelled of [
        token,
        token.slice(3),
        token.replace(/=+$/, ''),
        token.slice(3).replace(/=+$/, ''),
      ])
        expect(decrypt(spelled, key)).toBe(text);
      expect(decrypt(token, key.toString('hex'))).toBe(text);
    }
  });

  test('refuse what is too short, malformed or not authentic', () => {
    const token = encrypt('hunter2', key);
    const altered = token.slice(0, 10) + (token[10] === 'A' ? 'B' : 'A') + token.slice(11);
    for (const bad of ['', 'v2:', 'v2:AAAA', 'hunter2', altered, `${token}\n`, token.replace('v2:', 'v3:')])
      expect(() => decrypt(bad, key)).toThrow('Failed to decrypt data');
    expect(() => decrypt(token, randomBytes(32))).toThrow('Failed to decrypt data');
  });

  test.each([randomBytes(16), randomBytes(33), Buffer.alloc(0), 'abc', 'zz'.repeat(32)])(
    'refuse the key %p',
    bad => {
      expect(() => encrypt('x', bad)).toThrow(/Invalid encryption key.*Encryption key must be 32 bytes/);
      expect(() => decrypt(encrypt('x', key), bad)).toThrow(/Invalid encryption key/);
    },
  );

  test('refuse what is not a string', () => {
    expect(() => encrypt(5 as unknown as string, key)).toThrow(TypeError);
    expect(() => decrypt(null as unknown as string, key)).toThrow(TypeError);
  });
});

describe('encryptString and decryptString', () => {
  test('round trip as v2: and read Fernet', () => {
    expect(encryptString('hunter2')).toMatch(/^v2:/);
    expect(decryptString(encryptString('hunter2'))).toBe('hunter2');
    expect(decryptString(FERNET)).toBe('hello');
  });

  test('a bad token throws, or gives the fallback; null is one', () => {
    for (const bad of ['', 'hunter2', 'v2:AAAA', `${FERNET.slice(0, -4)}AAA=`, FERNET.replace(/=+$/, '')]) {
      expect(() => decryptString(bad)).toThrow('Failed to decrypt data');
      expect(decryptString(bad, 'other')).toBe('other');
      expect(decryptString(bad, '')).toBe('');
      expect(decryptString(bad, null)).toBeNull();
    }
  });

  test.each([undefined, '', 'abc', 'zz'.repeat(32), 'ab'.repeat(16)])(
    'the key %p throws, or gives the fallback',
    bad => {
      const token = encryptString('hunter2');
      if (bad === undefined) delete process.env.ENCRYPTION_KEY;
      else process.env.ENCRYPTION_KEY = bad;
      expect(() => encryptString('x')).toThrow('Invalid encryption key');
      expect(() => decryptString(token)).toThrow('Invalid encryption key');
      if (bad) expect(() => decryptString(token)).toThrow('Encryption key must be 32 bytes');
      expect(decryptString(token, null)).toBeNull();
    },
  );

  test('what is not a string is a TypeError, with a fallback too', () => {
    for (const bad of [null, undefined, 5, Buffer.from('x')] as unknown as string[]) {
      expect(() => encryptString(bad)).toThrow(TypeError);
      expect(() => decryptString(bad)).toThrow(TypeError);
      expect(() => decryptString(bad, 'other')).toThrow(TypeError);
    }
  });
});

describe('resolveMasterKey', () => {
  const warnings = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  beforeEach(() => warnings.mockClear());
  const key = randomBytes(32);

  test.each([key.toString('base64url'), `${key.toString('base64url')}=`, key.toString('hex')])(
    'reads it',
    text => {
      process.env.API_KEY_MASTER_KEY = text;
      expect(resolveMasterKey()).toEqual(key);
      expect(warnings).not.toHaveBeenCalled();
    },
  );

  test.each([undefined, '', 'secret-text', randomBytes(16).toString('base64url')])(
    '%p is null with a warning',
    text => {
      if (text !== undefined) process.env.API_KEY_MASTER_KEY = text;
      expect(resolveMasterKey()).toBeNull();
      expect(warnings).toHaveBeenCalledTimes(1);
      expect(String(warnings.mock.calls[0])).not.toContain('secret-text');
    },
  );

  test('published keys are known by their SHA-256', () => {
    expect(isPublishedKey(key, [createHash('sha256').update(key).digest('hex')])).toBe(true);
    expect(isPublishedKey(key)).toBe(false);
  });
});

test('getPoolKey is PBKDF2-HMAC-SHA256 with 100,000 rounds', () => {
  const expected = pbkdf2Sync('master', 'salt', 100_000, 32, 'sha256');
  expect(crypto.getPoolKey('master', 'salt')).toEqual(expected);
  expect(crypto.getPoolKey(Buffer.from('master'), Buffer.from('salt'))).toEqual(expected);
  expect(() => crypto.getPoolKey('master', '')).toThrow(TypeError);
});

test('isEncrypted looks at the beginning', () => {
  for (const value of ['v2:x', 'v3.x', FERNET, encryptString('')])
    expect(crypto.isEncrypted(value)).toBe(true);
  for (const value of ['', 'v2', 'v3:x', 'gAAAA', ' v2:x', 'V2:x', null, undefined, 5, {}])
    expect(crypto.isEncrypted(value)).toBe(false);
});

test('apiKeyHash is SHA-256 in hex', () => {
  expect(crypto.apiKeyHash('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

describe('encryptUserSecrets', () => {
  test('encrypts what is set and leaves the rest', () => {
    const record = { id: 1, password: 'p', api_key: null, oauth_token: '', other: 'o' };
    const result = crypto.encryptUserSecrets(record);
    expect(Object.keys(result).sort()).toEqual([
      'api_key',
      'encrypted_password',
      'id',
      'oauth_token',
      'other',
    ]);
    expect(decryptString(result.encrypted_password as string)).toBe('p');
    expect(record.password).toBe('p');
  });

  test('takes other fields', () => {
    const result = crypto.encryptUserSecrets({ password: 'p', pin: '1' }, ['pin']);
    expect(result).toEqual({ password: 'p', encrypted_pin: expect.stringMatching(/^v2:/) });
  });
});

describe('getOrCreateUserKey', () => {
  const master = randomBytes(32);
  const file = (name: string) => join(folder, `${name}.sqlite`);

  test('makes 32 bytes once for each user, wrapped', () => {
    const key = getOrCreateUserKey('anna', file('once'), master);
    expect(key).toHaveLength(32);
    expect(getOrCreateUserKey('anna', file('once'), master)).toEqual(key);
    expect(getOrCreateUserKey('ben', file('once'), master)).not.toEqual(key);
    const database = openSqlite(file('once'));
    const rows = database.prepare('SELECT wrapped FROM opskeep_user_keys').all() as { wrapped: Buffer }[];
    database.close();
    expect(rows).toHaveLength(2);
    for (const { wrapped } of rows) expect(wrapped.includes(key)).toBe(false);
  });

  test('another master key, or the key of another user, does not open', () => {
    getOrCreateUserKey('anna', file('moved'), master);
    getOrCreateUserKey('ben', file('moved'), master);
    expect(() => getOrCreateUserKey('anna', file('moved'), randomBytes(32))).toThrow(
      'Failed to decrypt data',
    );
    const database = openSqlite(file('moved'));
    database.exec(`UPDATE opskeep_user_keys SET wrapped =
      (SELECT wrapped FROM opskeep_user_keys WHERE user_id = 'ben') WHERE user_id = 'anna'`);
    database.close();
    expect(() => getOrCreateUserKey('anna', file('moved'), master)).toThrow('Failed to decrypt data');
  });

  test('two processes that race get the same keys', async () => {
    const program = compiled();
    const users = Array.from({ length: 20 }, (_, n) => `user${n}`);
    const results = await Promise.all(
      [1, 2].map(() => run(program, file('race'), master.toString('hex'), users)),
    );
    expect(results[0]).toHaveLength(20);
    expect(results[1]).toEqual(results[0]);
    expect(new Set(results[0]).size).toBe(20);
  });
});

/** The library as another program would load it: compiled to ES modules, without Jest, Nest or a database server. */
function compiled(): string {
  const out = join(folder, 'library');
  mkdirSync(out);
  writeFileSync(join(out, 'package.json'), '{"type":"module"}');
  symlinkSync(join(__dirname, '..', 'node_modules'), join(out, 'node_modules'));
  const root = join(__dirname, '..', 'src', 'formats', 'crypto.ts');
  ts.createProgram([root], {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    outDir: out,
    noCheck: true,
    types: [],
    skipLibCheck: true,
  }).emit();
  return join(out, 'crypto.js');
}
function run(program: string, file: string, master: string, users: string[]): Promise<string[]> {
  const source = `
    const { getOrCreateUserKey } = await import(${JSON.stringify(program)});
    const users = ${JSON.stringify(users)};
    const keys = users.map(user => getOrCreateUserKey(user, ${JSON.stringify(file)}, '${master}').toString('hex'));
    process.stdout.write(JSON.stringify(keys));`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code =>
      code === 0 ? resolve(JSON.parse(output) as string[]) : reject(new Error(`exit ${code}`)),
    );
  });
}
