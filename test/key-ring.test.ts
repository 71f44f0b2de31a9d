import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { Secret } from '../src/core/config/settings.js';
import { CryptoModule } from '../src/core/crypto/crypto.module.js';
import { type KeyOwner, POOL } from '../src/core/crypto/keystore/data-key.entity.js';
import { bindInstall } from '../src/core/crypto/keystore/install.js';
import { KeyRing } from '../src/core/crypto/key-ring.js';
import { keystoreMigrations } from '../migrations/keystore/index.js';
import { openKeystore } from '../src/core/crypto/keystore/open-keystore.js';
import { moveSentinel } from '../src/core/crypto/keystore/sentinel.js';
import { OpeningError } from '../src/core/crypto/opening-error.js';
import { Opener } from '../src/core/crypto/opener.js';
import { Plaintext } from '../src/core/crypto/plaintext.js';
import { sealedForColumn, sealedFromColumn } from '../src/core/crypto/sealed-text.js';
import { Sealer } from '../src/core/crypto/sealer.js';
import { MainDatabase } from '../src/core/database/main-database.js';
import { ConflictError, UnavailableError } from '../src/core/context/errors.js';
import type { KeyRef, Place } from '../src/formats/sealed-value.js';
import { freshDatabase, type FreshDatabase } from './harness/database.js';

type Opened = Awaited<ReturnType<typeof openKeystore>>;

const newKey = () => randomBytes(32).toString('base64url');
const place: Place = { table: 'secrets', row_id: 'row-1', field: 'password', version: 1 };
const anna: KeyOwner = { kind: 'user', id: 'anna' };

let fresh: FreshDatabase;
let opened: Opened[];
let masterKey: string;

beforeEach(async () => {
  fresh = await freshDatabase();
  opened = [];
  masterKey = newKey();
});
afterEach(async () => {
  for (const { presence, keystore } of opened) {
    await presence.end();
    await keystore.close();
  }
  await fresh.drop();
});

function settings(key: string | undefined, previous?: string, url = fresh.keystoreUrl) {
  return {
    NODE_ENV: 'test' as const,
    OPSKEEP_DATA: fresh.data,
    API_KEY_MASTER_KEY: key === undefined ? undefined : new Secret(key),
    API_KEY_MASTER_KEY_NEXT: undefined,
    API_KEY_MASTER_KEY_PREVIOUS: previous === undefined ? undefined : new Secret(previous),
    API_KEY_MASTER_KEY_COMMAND: undefined,
    KEYSTORE_DATABASE_URL: new Secret(url),
    DATABASE_CA: undefined,
    DATABASE_POOL: 5,
  };
}

async function start(
  key: string | undefined = masterKey,
  previous?: string,
): Promise<Opened & { ring: KeyRing }> {
  const one = await openKeystore(settings(key, previous), keystoreMigrations);
  opened.push(one);
  return { ...one, ring: new KeyRing(one.keystore, one.masterKeys) };
}

async function change({ keystore }: Opened, text: string): Promise<void> {
  const transaction = await keystore.connections.begin();
  await transaction.change(text);
  await transaction.commit();
}

/** The bytes of a key, copied out, which only a test does. */
const bytesOf = (ring: KeyRing, { id, version }: KeyRef) => ring.use(id, version, key => Buffer.from(key));

describe('the keystore', () => {
  test('several servers that start at once agree', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => start()));
    const refs = await Promise.all(all.map(({ ring }) => ring.activeKey(anna)));
    expect(new Set(refs.map(ref => ref.id)).size).toBe(1);
  });

  test('refuses another master key and names the ids, never the keys', async () => {
    const first = await start();
    await first.ring.activeKey(anna);
    const other = newKey();
    const failure = await openKeystore(settings(other), keystoreMigrations).catch(
      (error: unknown) => error as Error,
    );
    expect(failure).toMatchObject({ name: 'WrongMasterKeyError', known: [first.masterKeys.current.id] });
    const { message } = failure as Error;
    expect(message).toContain(first.masterKeys.current.id);
    expect(message).not.toContain(other);
    expect(message).not.toContain(masterKey);
  });

  test('refuses a sentinel that was replaced or removed', async () => {
    const first = await start();
    await first.ring.activeKey(anna);
    const { id } = first.masterKeys.current;
    await change(first, `UPDATE keystore_facts SET value = '${id}.${newKey()}' WHERE name = 'sentinel'`);
    await expect(openKeystore(settings(masterKey), keystoreMigrations)).rejects.toThrow('does not fit');
    await change(first, "DELETE FROM keystore_facts WHERE name = 'sentinel'");
    await expect(openKeystore(settings(masterKey), keystoreMigrations)).rejects.toThrow('does not fit');
  });

  test('whatever is listed first, the key of the sentinel wraps, and each that is at hand opens', async () => {
    const first = await start();
    const old = await first.ring.activeKey(anna);
    const oldBytes = await bytesOf(first.ring, old);
    const next = newKey();
    const both = [await start(next, masterKey), await start(`${next}\n${masterKey}\n`)];
    for (const { ring } of both) expect(await bytesOf(ring, old)).toEqual(oldBytes);
    await both[0]!.ring.activeKey({ kind: 'user', id: 'ben' });
    const kekIds = async () => new Set((await both[0]!.ring.status()).map(line => line.kek_id));
    expect(await kekIds()).toEqual(new Set([first.masterKeys.current.id]));
    // The new one alone opens nothing yet, and neither does the old one once the sentinel has moved.
    await expect(openKeystore(settings(next), keystoreMigrations)).rejects.toThrow('does not fit');
    await moveSentinel(first.keystore, both[0]!.masterKeys.current);
    await both[0]!.ring.activeKey({ kind: 'user', id: 'carl' });
    expect(await kekIds()).toEqual(new Set([first.masterKeys.current.id, both[0]!.masterKeys.current.id]));
    await expect(openKeystore(settings(masterKey), keystoreMigrations)).rejects.toThrow('does not fit');
    // A process that has started before makes no key that others cannot open.
    const refused = first.ring.activeKey({ kind: 'user', id: 'dora' });
    await expect(refused).rejects.toMatchObject({
      status: 503,
      message: expect.stringMatching(/is not at hand/),
    });
  });
});

describe('the master key', () => {
  test('is made once for development, 0600, and refused when others may read it', async () => {
    const warnings: string[] = [];
    const open = () =>
      openKeystore({ ...settings(undefined) }, keystoreMigrations, message => warnings.push(message));
    const path = join(fresh.data, 'master.key');
    opened.push(...(await Promise.all([open(), open(), open()])));
    expect(new Set(opened.map(one => one.masterKeys.current.id)).size).toBe(1);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).not.toContain(readFileSync(path, 'utf8').trim());
    expect(statSync(path).mode & 0o777).toBe(0o600);
    chmodSync(path, 0o640);
    await expect(open()).rejects.toThrow('chmod 600');
    // Beside a keystore that it has begun it is missing, and no other takes its place.
    rmSync(path);
    await expect(open()).rejects.toThrow(/master\.key is missing.*put it back/);
    expect(existsSync(path)).toBe(false);
  });

  test('is required in production', async () => {
    const refused = openKeystore({ ...settings(undefined), NODE_ENV: 'production' }, keystoreMigrations);
    await expect(refused).rejects.toThrow(/API_KEY_MASTER_KEY is not set.*openssl rand/);
  });

  test.each(['', '\n', 'short', randomBytes(31).toString('hex'), `${newKey()}x`])(
    '%j is refused',
    async text => {
      const failure = await openKeystore(settings(text), keystoreMigrations).catch(
        (error: unknown) => error as Error,
      );
      expect(failure).toMatchObject({
        name: 'MasterKeyError',
        message: expect.stringContaining('API_KEY_MASTER_KEY'),
      });
      if (text.trim()) expect((failure as Error).message).not.toContain(text);
    },
  );

  test('is the same in hex, in base64 and with padding', async () => {
    const bytes = randomBytes(32);
    const ids = [bytes.toString('hex'), bytes.toString('base64url'), `${bytes.toString('base64url')}=`];
    for (const text of ids) await start(text);
    expect(new Set(opened.map(one => one.masterKeys.current.id)).size).toBe(1);
    expect(opened[0]!.masterKeys.current.id).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe('the install id', () => {
  async function main(url = fresh.url): Promise<MainDatabase> {
    const database = await MainDatabase.open({ url, pool: 3, entities: [], migrations: [] });
    await database.dataSource.query(
      'CREATE TABLE IF NOT EXISTS facts (name varchar(64) PRIMARY KEY NOT NULL, value varchar(255) NOT NULL)',
    );
    return database;
  }

  test('binds two new databases, and several servers agree', async () => {
    const { keystore } = await start();
    const databases = [await main(), await main(), await main()];
    const ids = await Promise.all(databases.map(database => bindInstall(database, keystore)));
    expect(new Set(ids).size).toBe(1);
    expect(await bindInstall(databases[0]!, keystore)).toBe(ids[0]);
    for (const database of databases) await database.close();
  });

  test('refuses a new main database to a used keystore, and the reverse', async () => {
    const { keystore, ring } = await start();
    const database = await main();
    await bindInstall(database, keystore);
    await change({ keystore } as Opened, "DELETE FROM keystore_facts WHERE name = 'install_id'");
    await expect(bindInstall(database, keystore)).rejects.toThrow('the keystore is new');
    await database.dataSource.query('DELETE FROM facts');
    await bindInstall(database, keystore);
    await database.dataSource.query('DELETE FROM facts');
    await bindInstall(database, keystore); // an empty keystore of a start that was cut short
    await ring.activeKey(anna);
    await database.dataSource.query('DELETE FROM facts');
    await expect(bindInstall(database, keystore)).rejects.toThrow('the main database is new');
    await database.close();
  });

  test('refuses databases of two installations', async () => {
    const { keystore } = await start();
    const database = await main();
    await bindInstall(database, keystore);
    await database.dataSource.query("UPDATE facts SET value = 'another' WHERE name = 'install_id'");
    await expect(bindInstall(database, keystore)).rejects.toMatchObject({ name: 'InstallMismatchError' });
    await database.close();
  });
});

describe('the key ring', () => {
  test('fifty at once for a new owner get one key, on two servers', async () => {
    const servers = [await start(), await start()];
    const refs = await Promise.all(
      Array.from({ length: 50 }, (_, n) => servers[n % 2]!.ring.activeKey({ kind: 'client', id: 'acme' })),
    );
    expect(new Set(refs.map(ref => `${ref.id}.${ref.version}`)).size).toBe(1);
    expect(await servers[0]!.ring.status()).toEqual([
      { owner_kind: 'client', state: 'active', kek_id: servers[0]!.masterKeys.current.id, total: 1 },
    ]);
    const [one, other] = await Promise.all(servers.map(({ ring }) => bytesOf(ring, refs[0]!)));
    expect(one).toEqual(other);
    expect(one).toHaveLength(32);
  });

  test('owners have keys of their own', async () => {
    const { ring } = await start();
    const owners: KeyOwner[] = [anna, { kind: 'client', id: 'anna' }, POOL];
    const refs = await Promise.all(owners.map(owner => ring.activeKey(owner)));
    const keys = await Promise.all(refs.map(ref => bytesOf(ring, ref)));
    expect(new Set(keys.map(key => key.toString('hex'))).size).toBe(3);
    expect(() => ring.activeKey({ kind: 'user', id: '' })).toThrow(TypeError);
    expect(() => ring.activeKey({ kind: 'pool', id: 'x' })).toThrow(TypeError);
  });

  test('a wrapped key opens only in its own row', async () => {
    const server = await start();
    const mine = await server.ring.activeKey(anna);
    const other = await server.ring.activeKey({ kind: 'user', id: 'ben' });
    const rows = await server.keystore.select<{ wrapped: string }>(
      'SELECT wrapped FROM data_keys WHERE id = ?',
      [other.id],
    );
    await change(server, `UPDATE data_keys SET wrapped = '${rows[0]!.wrapped}' WHERE id = '${mine.id}'`);
    await expect(bytesOf(server.ring, mine)).rejects.toBeInstanceOf(OpeningError);
    await change(server, `UPDATE data_keys SET owner_id = 'carl' WHERE id = '${other.id}'`);
    await expect(bytesOf(server.ring, other)).rejects.toBeInstanceOf(OpeningError);
  });

  test('unknown, misnamed and destroyed keys do not open, and no new key takes their place', async () => {
    const server = await start();
    const ref = await server.ring.activeKey(anna);
    await expect(bytesOf(server.ring, { ...ref, version: 2 })).rejects.toBeInstanceOf(OpeningError);
    await expect(bytesOf(server.ring, { ...ref, id: 'unknown' })).rejects.toBeInstanceOf(OpeningError);
    await change(server, "UPDATE data_keys SET state = 'destroyed', wrapped = ''");
    server.ring.clear();
    await expect(bytesOf(server.ring, ref)).rejects.toBeInstanceOf(OpeningError);
    await expect(server.ring.activeKey(anna)).rejects.toBeInstanceOf(ConflictError);
  });

  test('a rotated owner seals under the next version, and the old one still opens', async () => {
    const server = await start();
    const old = await server.ring.activeKey(anna);
    await change(server, "UPDATE data_keys SET state = 'decrypt_only'");
    server.ring.clear();
    expect(await server.ring.activeKey(anna)).toMatchObject({ version: 2 });
    expect(await bytesOf(server.ring, old)).toHaveLength(32);
  });

  test('system keys come with their version', async () => {
    const { ring } = await start();
    const [key, version] = await ring.useSystem(
      'audit-mac',
      undefined,
      (bytes, n) => [Buffer.from(bytes), n] as const,
    );
    expect(version).toBe(1);
    expect(await ring.useSystem('audit-mac', 1, bytes => Buffer.from(bytes))).toEqual(key);
    expect(await ring.useSystem('token', undefined, bytes => Buffer.from(bytes))).not.toEqual(key);
    await expect(ring.systemKey('audit-mac', 2)).rejects.toBeInstanceOf(OpeningError);
    const ref = await ring.systemKey('audit-mac');
    expect(ring.useCached(ref.id, ref.version, bytes => Buffer.from(bytes))).toEqual(key);
    ring.clear();
    expect(ring.useCached(ref.id, ref.version, bytes => Buffer.from(bytes))).toBeUndefined();
  });

  test('a keystore that is away is a 503', async () => {
    const server = await start();
    const ref = await server.ring.activeKey(anna);
    await server.keystore.close();
    await expect(server.ring.use(ref.id, ref.version, () => 1)).rejects.toBeInstanceOf(UnavailableError);
    await expect(server.ring.activeKey({ kind: 'user', id: 'ben' })).rejects.toBeInstanceOf(UnavailableError);
  });

  test('an application clears it when it shuts down', async () => {
    const { keystore, masterKeys } = await start();
    const app = await NestFactory.createApplicationContext(CryptoModule.register(keystore, masterKeys), {
      logger: false,
    });
    const sealed = await app.get(Sealer).seal(anna, place, Plaintext.of('hunter2'));
    const [, id = '', version] = sealedForColumn(sealed).split('.');
    expect(app.get(KeyRing).useCached(id, Number(version), () => true)).toBe(true);
    await app.close();
    expect(app.get(KeyRing).useCached(id, Number(version), () => true)).toBeUndefined();
  });
});

describe('the sealer', () => {
  test('opens what it sealed, there and nowhere else', async () => {
    const { ring } = await start();
    const [sealer, opener] = [new Sealer(ring), new Opener(ring)];
    const sealed = await sealer.seal(anna, place, Plaintext.of('hunter2'));
    expect((await opener.open(place, sealed)).disclose()).toBe('hunter2');
    ring.clear();
    expect((await opener.open(place, sealed)).disclose()).toBe('hunter2');
    const other = await sealer.seal({ kind: 'user', id: 'ben' }, place, Plaintext.of('x'));
    const [text, tail] = [sealedForColumn(sealed), sealedForColumn(other)];
    const grafted = text.slice(0, text.lastIndexOf('.')) + tail.slice(tail.lastIndexOf('.'));
    const wrong = [opener.open({ ...place, row_id: 'row-2' }, sealed)];
    for (const value of [grafted, 'hunter2', 'v2:AAAA', '', text.slice(0, -1)])
      wrong.push(opener.open(place, sealedFromColumn(value)));
    for (const one of await Promise.allSettled(wrong)) {
      expect(one).toMatchObject({
        status: 'rejected',
        reason: { name: 'OpeningError', status: 500, level: 'error' },
      });
      expect((one as PromiseRejectedResult).reason).toMatchObject({
        message: 'The stored value could not be opened',
      });
    }
  });

  test('seals anew for another owner, for the same place', async () => {
    const { ring } = await start();
    const [sealer, opener] = [new Sealer(ring), new Opener(ring)];
    const sealed = await sealer.seal(anna, place, Plaintext.of('hunter2'));
    const ben = { kind: 'user', id: 'ben' } as const;
    const { sealed: moved, fingerprint } = await sealer.reseal(ben, place, sealed, 'secrets');
    expect(fingerprint).toBe(await sealer.blindIndex('secrets', 'hunter2'));
    const keyOf = (one: typeof sealed) => sealedForColumn(one).split('.')[1];
    expect(keyOf(moved)).not.toBe(keyOf(sealed));
    expect((await opener.open(place, moved)).disclose()).toBe('hunter2');
    await expect(sealer.reseal(anna, { ...place, row_id: 'row-2' }, moved, null)).rejects.toThrow(
      'could not be opened',
    );
  });

  test('the blind index is the same on every server, and another in each context', async () => {
    const [one, other] = [new Sealer((await start()).ring), new Sealer((await start()).ring)];
    const index = await one.blindIndex('pool:github', 'hunter2');
    expect(index).toMatch(/^[0-9a-f]{64}$/);
    expect(await other.blindIndex('pool:github', 'hunter2')).toBe(index);
    expect(await one.blindIndex('pool:gitlab', 'hunter2')).not.toBe(index);
    expect(await one.blindIndex('pool:githubh', 'unter2')).not.toBe(index);
  });

  test('many values at once, under keys of many owners', async () => {
    const { ring } = await start();
    const [sealer, opener] = [new Sealer(ring), new Opener(ring)];
    const values = Array.from({ length: 100 }, (_, n) => ({
      owner: { kind: 'user', id: `user-${n % 10}` } as KeyOwner,
      where: { ...place, row_id: `row-${n}` },
      text: `secret ${n}`,
    }));
    const sealed = await Promise.all(
      values.map(one => sealer.seal(one.owner, one.where, Plaintext.of(one.text))),
    );
    ring.clear();
    const opened = await Promise.all(sealed.map((value, n) => opener.open(values[n]!.where, value)));
    expect(opened.map(one => one.disclose())).toEqual(values.map(one => one.text));
  });
});
