import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openMain } from '../../src/core/start/backends.js';
import { openKeystoreDatabase } from '../../src/core/crypto/keystore/keystore-database.js';
import { loadSettings } from '../../src/core/config/load-settings.js';
import { noteLoaded, setRestoreMark } from '../../src/core/database/restore-mark.js';
import { requireInstallation } from '../../src/commands/require-installation.js';
import { exitCodeOf, explain } from '../../src/failure.js';
import { newHeader } from '../../src/formats/sealed-stream/header.js';
import { BackupFile } from '../../src/operations/backups/backup-file.js';
import type { BackupTable } from '../../src/operations/backups/backup-format.js';
import { bothMigrations } from '../../migrations/index.js';
import { startApp, type TestApp } from '../app.js';
import { asRoot, DocumentedAccounts } from '../harness/accounts.js';
import {
  databasesOf,
  elsewhere,
  faults,
  inside,
  makeBackup,
  restore,
  rewritten,
  storedRows,
  verified,
} from '../harness/backing-up.js';
import { type FreshDatabase, testDatabase } from '../harness/database.js';
import { query } from '../harness/query.js';

jest.setTimeout(180_000);

let t: TestApp;
let path: string;
let fresh: FreshDatabase;
let environment: Record<string, string>;
const at = (name: string) => join(t.opened.settings.OPSKEEP_DATA, 'backups', name);

beforeAll(async () => {
  t = await startApp();
  const client = await t.make('clients', { name: 'Acme' });
  await t.make('credentials', {
    client_id: client.id,
    credential_type: 'password',
    service_name: 'VPN',
    password: 'CANARY 1',
  });
  // More than one chunk, and of what no compression makes smaller.
  for (let n = 0; n < 40; n++)
    await t.make('clients', { name: `C ${n}`, notes: randomBytes(3_000).toString('base64') });
  path = at('whole.backup');
  await makeBackup(t, path);
});
afterAll(() => t.close());
beforeEach(async () => {
  fresh = await databasesOf(testDatabase());
  environment = elsewhere(t, fresh);
});
afterEach(() => fresh.drop());

/** Nothing was made in the databases. */
async function expectUntouched(): Promise<void> {
  for (const url of [fresh.url, fresh.keystoreUrl]) {
    if (url.startsWith('sqlite:') && !existsSync(url.slice('sqlite:'.length))) continue;
    const tables = url.startsWith('sqlite:') ? 'SELECT name FROM sqlite_master' : 'SHOW TABLES';
    expect(await query(url, tables)).toEqual([]);
  }
}

/** Does something with the databases as they are, without a master key. */
async function withDatabases(
  work: (databases: {
    main: Awaited<ReturnType<typeof openMain>>;
    keystore: Awaited<ReturnType<typeof openKeystoreDatabase>>;
  }) => Promise<void>,
): Promise<void> {
  const { settings } = loadSettings(environment, fresh.data);
  const main = await openMain(settings, bothMigrations.main);
  const keystore = await openKeystoreDatabase(settings, bothMigrations.keystore);
  await work({ main, keystore });
  await main.close();
  await keystore.close();
}

const MARK = { backup_id: '019a0000-0000-7000-8000-000000000000', begun_at: '2026-01-01T00:00:00.000Z' };

describe('before anything is restored', () => {
  test('one bit anywhere is found: in the header, its checksum, its tag, each chunk and each tag, the last byte', async () => {
    const whole = readFileSync(path);
    const header = whole.indexOf('\n', whole.indexOf('\n', whole.indexOf('\n') + 1) + 1) + 1;
    const chunk = 64 * 1024 + 16;
    const places = [
      0,
      20,
      60,
      header - 40,
      header - 1,
      header,
      header + 15,
      header + 16,
      header + 16 + chunk - 1,
    ];
    places.push(
      header + 16 + chunk - 16,
      header + 16 + chunk,
      whole.length - 17,
      whole.length - 16,
      whole.length - 1,
    );
    expect(whole.length).toBeGreaterThan(header + 16 + chunk);
    for (const place of places) {
      const other = Buffer.from(whole);
      other[place]! ^= 1;
      writeFileSync(at('damaged'), other);
      await expect(restore(at('damaged'), environment)).rejects.toThrow('is damaged');
    }
    for (const length of [0, 5, header, header + 16, header + 16 + chunk, whole.length - 1]) {
      writeFileSync(at('damaged'), whole.subarray(0, length));
      const error = restore(at('damaged'), environment);
      await expect(error).rejects.toThrow('is damaged, or no backup');
      const words = explain((await error.catch((one: unknown) => one)) as Error) ?? '';
      expect(words).toBe((await error.catch((one: Error) => one.message)) as string);
      if (length > header + 16) await expect(error).rejects.toThrow('it was cut off, or damaged');
    }
    writeFileSync(at('damaged'), Buffer.concat([whole, Buffer.of(0)]));
    await expect(restore(at('damaged'), environment)).rejects.toThrow('is damaged');
    await expectUntouched();
  });

  test('another master key is told from damage, and so is a header that names another one', async () => {
    const other = { ...environment, API_KEY_MASTER_KEY: randomBytes(32).toString('hex') };
    await expect(restore(path, other)).rejects.toThrow(
      /sealed under the master key [0-9a-f]{16}, and at hand is [0-9a-f]{16}/,
    );
    const { API_KEY_MASTER_KEY: _, ...without } = environment;
    await expect(restore(path, without)).rejects.toThrow('there is none at hand');
    expect(existsSync(join(fresh.data, 'master.key'))).toBe(false);
    const file = await BackupFile.open(path);
    await file.close();
    const forged = newHeader('backup', { ...file.facts, created_at: '2020-01-01T00:00:00.000Z' });
    const whole = readFileSync(path);
    const header = whole.indexOf('\n', whole.indexOf('\n', whole.indexOf('\n') + 1) + 1) + 1;
    writeFileSync(at('forged'), Buffer.concat([forged.bytes, whole.subarray(header)]));
    await expect(restore(at('forged'), environment)).rejects.toThrow('its header was altered');
    await expectUntouched();
  });

  test('what is no backup is refused for what it is', async () => {
    const refused = async (name: string, content: Buffer | string) => {
      writeFileSync(at(name), content);
      return restore(at(name), environment).catch((error: Error) => error.message);
    };
    expect(await refused('zip', 'PK\u0003\u0004')).toMatch('does not begin as a sealed file');
    expect(await refused('long', Buffer.alloc(200_000, 'opskeep-sealed 1\n'))).toMatch('header is damaged');
    expect(await refused('endless', `opskeep-sealed 1\n${'x'.repeat(200_000)}`)).toMatch('header has no end');
    expect(await refused('other', newHeader('report', {}).bytes)).toMatch('it is a report, and no backup');
    expect(await refused('odd', newHeader('backup', { id: '\u001b[2J' }).bytes)).toMatch('does not say id');
    execFileSync('mkfifo', [at('pipe')]);
    await expect(restore(at('pipe'), environment)).rejects.toThrow('is not a file');
    mkdirSync(at('folder'));
    await expect(restore(at('folder'), environment)).rejects.toThrow(/is not a file|EISDIR/);
    await expectUntouched();
  });

  test('a newer version is named, and so are rows without their table, tables without their end, odd names', async () => {
    await rewritten(t, path, at('newer'), part =>
      part.part === 'migrations'
        ? {
            ...part,
            migrations: { ...part.migrations, main: [...part.migrations.main, 'Later1999000000000'] },
          }
        : part,
    );
    await expect(restore(at('newer'), environment)).rejects.toThrow('made by a newer version');
    await rewritten(t, path, at('odd-name'), part =>
      part.part === 'table' ? { ...part, table: { ...part.table, table: 'x; DROP TABLE users' } } : part,
    );
    await expect(restore(at('odd-name'), environment)).rejects.toThrow('is not what has to come there');
    await rewritten(t, path, at('short'), part =>
      part.part === 'row' ? { ...part, row: part.row.slice(1) } : part,
    );
    await expect(restore(at('short'), environment)).rejects.toThrow('is no row of');
    await expectUntouched();
  });

  test('a key that only some data keys need is asked for', async () => {
    let table: BackupTable | undefined;
    await rewritten(t, path, at('two-keys'), part => {
      if (part.part === 'table') ({ table } = part);
      if (part.part !== 'row' || table?.table !== 'data_keys') return part;
      const kek = table.columns.findIndex(([name]) => name === 'kek_id');
      return { ...part, row: part.row.map((value, n) => (n === kek ? '00000000000000aa' : value)) };
    });
    await expect(restore(at('two-keys'), environment)).rejects.toThrow(
      'sealed under the master key 00000000000000aa',
    );
    await expectUntouched();
  });
});

describe('databases that are not empty', () => {
  test('are left as they are: those of the backup itself, and others', async () => {
    const { settings } = t.opened;
    const own = elsewhere(t, {
      ...fresh,
      url: settings.DATABASE_URL.reveal(),
      keystoreUrl: settings.KEYSTORE_DATABASE_URL.reveal(),
    });
    const before = await t.sql('SELECT id, version FROM clients ORDER BY id');
    for (const again of [false, true])
      await expect(restore(path, own, again)).rejects.toThrow('The main database is not empty');
    const half = { ...environment, KEYSTORE_DATABASE_URL: own.KEYSTORE_DATABASE_URL! };
    for (const again of [false, true])
      await expect(restore(path, half, again)).rejects.toThrow('The keystore is not empty');
    expect(await t.sql('SELECT id, version FROM clients ORDER BY id')).toEqual(before);
    await expectUntouched();
    await t.make('credentials', {
      credential_type: 'password',
      service_name: 'After',
      password: 'CANARY after',
    });
  });

  test('are never emptied where no restore has begun, whatever the other one says', async () => {
    await withDatabases(({ keystore }) => setRestoreMark(keystore, MARK));
    const own = t.opened.settings.DATABASE_URL.reveal();
    const half = { ...environment, DATABASE_URL: own };
    await expect(restore(path, half, true)).rejects.toThrow('The main database is not empty');
    expect((await query(own, 'SELECT id FROM clients')).length).toBeGreaterThan(2);
  });
});

describe('a restore that was cut off', () => {
  const states: [string, (databases: Parameters<Parameters<typeof withDatabases>[0]>[0]) => Promise<void>][] =
    [
      ['after its first mark', ({ keystore }) => setRestoreMark(keystore, MARK)],
      [
        'while rows were written',
        async ({ main, keystore }) => {
          await setRestoreMark(main, MARK);
          await setRestoreMark(keystore, MARK);
          await main.dataSource.runMigrations({ transaction: 'none' });
          await main.dataSource.query("INSERT INTO facts (name, value) VALUES ('half', 'of it')");
        },
      ],
      [
        'of another backup, at its end',
        async ({ keystore }) => {
          await setRestoreMark(keystore, MARK);
          await noteLoaded(keystore);
        },
      ],
    ];

  test.each(states)('%s, is known, refused, and begun anew', async (_, begin) => {
    await withDatabases(begin);
    // No server starts on it, or makes anything of it.
    await expect(inside(environment, () => Promise.resolve())).rejects.toThrow('has not ended');
    expect((await faults(environment)).map(one => one.what)).toEqual([
      `The restore of backup ${MARK.backup_id}, begun at ${MARK.begun_at}, has not ended`,
    ]);
    await expect(restore(path, environment)).rejects.toThrow(
      'was cut off. Empty them and begin anew with --again',
    );
    await restore(path, environment, true);
    expect(await query(fresh.url, "SELECT name FROM facts WHERE name = 'half'")).toEqual([]);
    expect(await faults(environment)).toEqual([]);
    expect(await verified(environment)).toMatchObject({ ok: true });
  });

  test('is what commands find, and not that nothing is there, while one of the databases is empty', async () => {
    await withDatabases(({ keystore }) => setRestoreMark(keystore, MARK));
    if (testDatabase() === 'sqlite') rmSync(fresh.url.slice('sqlite:'.length));
    const { settings } = loadSettings(environment, fresh.data);
    await expect(requireInstallation(settings)).rejects.toThrow(`The restore of backup ${MARK.backup_id}`);
    expect((await faults(environment)).map(one => one.area)).toEqual(['database']);
    await restore(path, environment, true);
    await requireInstallation(settings);
  });

  test.each([
    ['before it had settled', true],
    ['between its last two steps', false],
  ])('%s, is finished, without any of it being loaded again', async (_, hasMainMark) => {
    const { id: backup_id } = await restore(path, environment);
    await withDatabases(async ({ main, keystore }) => {
      await setRestoreMark(keystore, { ...MARK, backup_id });
      await noteLoaded(keystore);
      if (hasMainMark) await setRestoreMark(main, { ...MARK, backup_id });
      await main.connections.commitOne("INSERT INTO facts (name, value) VALUES ('there', 'already')", []);
    });
    await restore(path, environment);
    expect(await query(fresh.url, "SELECT value FROM facts WHERE name = 'there'")).toEqual([
      { value: 'already' },
    ]);
    expect(await faults(environment)).toEqual([]);
  });
});

const onMariadb = testDatabase() === 'mariadb' ? describe : describe.skip;

onMariadb('the accounts of docs/server.md', () => {
  const accounts = new DocumentedAccounts();
  const { name, account, keysAccount } = accounts;
  const there = () => ({ ...environment, ...accounts.settings() });
  const tables = async () => [
    ...(await asRoot(`SHOW TABLES IN ${name}`)),
    ...(await asRoot(`SHOW TABLES IN ${name}_keys`)),
  ];
  beforeEach(() => accounts.make());
  afterEach(() => accounts.drop());

  test('suffice for a restore, for one that was cut off among its rows, and for what the server does after it', async () => {
    await rewritten(t, path, at('half'), part =>
      part.part === 'row' && part.row.includes('Acme') ? { ...part, row: part.row.map(() => null) } : part,
    );
    await expect(restore(at('half'), there())).rejects.toThrow(/null/i);
    expect((await tables()).length).toBeGreaterThan(20);
    await expect(restore(path, there())).rejects.toThrow('was cut off. Empty them');
    await restore(path, there(), true);
    expect(await faults(there())).toEqual([]);
    expect(await verified(there())).toMatchObject({ ok: true });
  });

  test('without DROP, or INSERT, nothing is written, and the GRANT that is named is enough', async () => {
    await asRoot(`REVOKE DROP ON ${name}.* FROM ${account}`);
    await asRoot(`REVOKE INSERT ON ${name}_keys.* FROM ${keysAccount}`);
    const refused = () =>
      restore(path, there()).then(
        () => undefined,
        (error: Error) => {
          expect(error.message).toContain('cannot be restored into: its account lacks what a restore needs');
          return /^ {2}(GRANT .*);$/m.exec(error.message)?.[1];
        },
      );
    const grants = [
      `GRANT INSERT ON \`${name}_keys\`.* TO ${keysAccount}`,
      `GRANT DROP ON \`${name}\`.* TO ${account}`,
    ];
    for (const grant of grants) {
      expect(await refused()).toBe(grant);
      expect(await tables()).toEqual([]);
      await asRoot(grant);
    }
    expect(await refused()).toBeUndefined();
  });

  test('see no database of another name: the setting to look at is named', async () => {
    const { DATABASE_URL } = accounts.settings();
    const other = { ...there(), DATABASE_URL: DATABASE_URL.replace(/\/\w+$/, '/nope') };
    const error = (await restore(path, other).catch((one: unknown) => one)) as Error;
    expect(exitCodeOf(error)).toBe(4);
    expect(explain(error)).toMatch(/^The database is not reachable: Access denied .* Check DATABASE_URL/);
  });
});

test('a backup of an older schema is restored at that, and migrated', async () => {
  const GONE = ['seals', 'rotation_id'];
  let table: BackupTable | undefined;
  let kept: number[] = [];
  await makeBackup(t, at('now.backup'));
  await rewritten(t, at('now.backup'), at('older'), part => {
    if (part.part === 'migrations')
      return { ...part, migrations: { ...part.migrations, keystore: part.migrations.keystore.slice(0, 1) } };
    if (part.part === 'row') return { ...part, row: kept.map(n => part.row[n]!) };
    ({ table } = part);
    const columns = [...table.columns.entries()].filter(
      ([, [name]]) => table?.database === 'main' || !GONE.includes(name),
    );
    kept = columns.map(([n]) => n);
    return { ...part, table: { ...table, columns: columns.map(([, column]) => column) } };
  });
  await restore(at('older'), environment);
  expect(await faults(environment)).toEqual([]);
  expect(await storedRows(fresh.url, ['credentials', 'clients', 'users'])).toEqual(
    await storedRows(t.opened.settings.DATABASE_URL.reveal(), ['credentials', 'clients', 'users']),
  );
});

test('what is not whole never has the name of a backup', async () => {
  const names = readdirSync(at('.'));
  expect(names.filter(name => name.endsWith('.part'))).toEqual([]);
});
