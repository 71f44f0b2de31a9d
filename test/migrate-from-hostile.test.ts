import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSource } from '../src/commands/migrate-from/source/open-source.js';
import { type TableNames, TableSystem } from '../src/commands/migrate-from/tables/table-system.js';
import { OneKey, Values } from '../src/commands/migrate-from/tables/value-keys.js';
import { encrypt } from '../src/formats/v2.js';
import { openSqlite } from '../src/formats/sqlite-driver.js';
import { startApp, type TestApp } from './app.js';
import { buildServer } from './harness/build.js';
import { environmentBeside, runCommand } from './harness/command.js';
import { runInside } from './harness/command-inside.js';
import { type EarlierTable, fixture, sqliteSource } from './harness/earlier-source.js';

jest.setTimeout(180_000);

const { key: KEY, tables: FERNET } = fixture<{ key: string; tables: Record<string, EarlierTable> }>(
  'fernet.json',
);
const USUAL_NAMES: TableNames = {
  credentials: 'credentials',
  clients: null,
  history: null,
  id: 'id',
  client: 'client_id',
  user: 'user_id',
  credential: 'credential_id',
};
const BINARY = Buffer.from([0x63, 0xff, 0xfe, 0x00]);

interface Told {
  rows: Record<string, Record<string, number>>;
  unreadable: { table: string; row: string; column?: string; reason: string }[];
}

let t: TestApp;
let folder: string;
const path = (name: string) => join(folder, name);

beforeAll(async () => {
  t = await startApp();
  folder = t.opened.settings.OPSKEEP_DATA;
});
afterAll(() => t.close());

const fernet = (words: string[], key = KEY, run = runInside) =>
  run({ ...environmentBeside(t), ENCRYPTION_KEY: key }, ['admin', 'migrate-from', 'fernet', ...words]);
const count = async (table: string) =>
  (await t.sql<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)).map(one => Number(one.n))[0];
const seal = (text: string) => encrypt(text, Buffer.from(KEY, 'hex'));

/** A table of credentials with these rows: id, service, user, password. */
function table(...rows: EarlierTable['rows']): Record<string, EarlierTable> {
  return { credentials: { columns: ['id', 'service_name', 'username', 'password_encrypted'], rows } };
}

describe('what is named wrongly', () => {
  test('tables, columns, files and addresses are told in words, and no secret is', async () => {
    sqliteSource(path('some.sqlite'), { accounts: { columns: ['key', 'secret'], rows: [] } });
    writeFileSync(path('text.txt'), 'no database\n'.repeat(100));
    mkdirSync(path('a-folder'));
    const key = new OneKey(Buffer.from(KEY, 'hex'));
    const open = async (file: string, more: Partial<TableNames> = {}) => {
      const database = await openSource(file, {});
      const names = { ...USUAL_NAMES, ...more };
      const choices = {
        kind: 'fernet',
        label: '',
        names,
        renamed: new Map<string, string>(),
        leftOut: new Set<string>(),
      };
      return TableSystem.open(database, choices, new Values(key, false)).finally(() => database.close());
    };
    const cases: [string, Partial<TableNames>, RegExp][] = [
      ['some.sqlite', {}, /no table "credentials"; --table names another\. There are: "accounts"/],
      [
        'some.sqlite',
        { credentials: 'accounts' },
        /"accounts" has no column "id"; --id-column .* It has: "key", "secret"/,
      ],
      [
        'some.sqlite',
        { credentials: 'x"; DROP TABLE accounts; --' },
        /no table "x\\"; DROP TABLE accounts; --"/,
      ],
      ['nowhere.sqlite', {}, /nowhere\.sqlite cannot be read as a database of SQLite/],
      ['text.txt', {}, /text\.txt cannot be read as a database of SQLite \(SQLITE_NOTADB\)/],
      ['a-folder', {}, /cannot be read as a database of SQLite/],
    ];
    for (const [name, more, expected] of cases) {
      const error = (await open(path(name), more).catch((caught: unknown) => caught)) as Error;
      expect([error.name, error.message]).toEqual(['UsageError', expect.stringMatching(expected)]);
    }
    const address = await fernet(['mysql://root:CANARYpassword@127.0.0.1:1/x']);
    expect([address.code, address.stdout]).toEqual([2, '']);
    expect(address.stderr).toMatch(/^The address of a server has a password.* --database-url-env\.\n$/);
    const short = await fernet([path('some.sqlite')], 'CANARY too short');
    expect([short.code, short.stderr]).toEqual([2, expect.stringContaining('must be 64 hexadecimal digits')]);
    const none = await runInside(environmentBeside(t), [
      'admin',
      'migrate-from',
      'fernet',
      path('some.sqlite'),
    ]);
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('ENCRYPTION_KEY is not set')]);
    expect(readFileSync(path('some.sqlite')).includes('accounts')).toBe(true);
  });
});

describe('what stands in cells', () => {
  const altered = (token: string) =>
    `${token.slice(0, 20)}${token[20] === 'A' ? 'B' : 'A'}${token.slice(21)}`;
  const good = () => seal('CANARY-hostile-password');

  test('is told by row when it cannot be read, without its value; the rest comes where that is asked for', async () => {
    const rows: EarlierTable['rows'] = [
      ['1', 'Good', 'root', good()],
      ['2', 'Altered', 'CANARYuser', altered(good())],
      ['3', 'Cut', null, good().slice(0, 30)],
      ['4', 'Huge', null, `v2:${'A'.repeat(2_000_000)}`],
      ['5', 'Binary', BINARY, good()],
      ['6', 'Nul', 'a\u0000CANARY', good()],
      ['7', 'Plain', null, 'CANARY in plaintext'],
      ['8', 'Ours', null, 'v3.CANARY.1.abc'],
      ['9', 'Without', null, null],
      ['10', 'x'.repeat(300), null, good()],
      ['11\u001b[2J', 'Terminal', null, altered(good())],
      ['12', 'Twice', null, good()],
      ['12', 'Twice', 'other', good()],
      [null, 'Nameless', null, good()],
      ['13', 'Too long', null, seal('CANARY'.repeat(20_000))],
    ];
    sqliteSource(path('hostile.sqlite'), table(...rows));
    const refused = await fernet([path('hostile.sqlite'), '--json']);
    expect(refused.code).toBe(1);
    const told = refused.json<Told>();
    const said = Object.fromEntries(
      told.unreadable.map(one => [one.row, `${one.column ?? ''}: ${one.reason}`]),
    );
    expect(said).toEqual({
      '2': expect.stringMatching(/^password_encrypted: the key does not open it/) as string,
      '3': expect.stringMatching(/^password_encrypted: the key does not open it/) as string,
      '4': 'password_encrypted: is longer than 1 MiB',
      '5': 'username: is no text: Not UTF-8',
      '6': expect.stringMatching(/^(username|notes): /) as string,
      '7': expect.stringMatching(/^password_encrypted: it is no value that .* has encrypted/) as string,
      '8': expect.stringMatching(/^password_encrypted: it is no value that .* has encrypted/) as string,
      '9': 'credential_type: it has no secret',
      '10': expect.stringMatching(/^service_name: /) as string,
      '11\u001b[2J': expect.stringMatching(/^password_encrypted: the key does not open it/) as string,
      '12': ': another row has the same name: --id-column names another',
      '(row 1)': 'id: nothing names the row, so that it could come twice',
      '13': expect.stringMatching(/^password: /) as string,
    });
    expect(await count('credentials')).toBe(0);
    const words = await fernet([path('hostile.sqlite'), '--skip-unreadable']);
    expect(words.code).toBe(0);
    expect(`${refused.stdout}${refused.stderr}${words.stdout}${words.stderr}`).not.toContain('CANARY');
    expect(words.stdout).not.toContain('\u001b');
    expect(await t.sql('SELECT service_name FROM credentials')).toEqual([{ service_name: 'Good' }]);
  });

  test('names of tables and columns are quoted, whatever they are', async () => {
    const name = 'cr"ed`s; DROP TABLE clients; --';
    const columns = ['i d"', 'select', 'p`w_encrypted'];
    sqliteSource(path('names.sqlite'), { [name]: { columns, rows: [['1', 'Quoted', good()]] } });
    const words = [
      '--table',
      name,
      '--id-column',
      'i d"',
      '--column',
      'select=service_name',
      '--column',
      'p`w_encrypted=password',
    ];
    const handle = openSqlite(path('names.sqlite'));
    // Names that every object of JavaScript has.
    handle.exec('ALTER TABLE "cr""ed`s; DROP TABLE clients; --" ADD COLUMN constructor_encrypted text');
    handle.exec('ALTER TABLE "cr""ed`s; DROP TABLE clients; --" ADD COLUMN __proto__ text');
    handle.close();
    const { code, stderr } = await fernet([...words, path('names.sqlite')]);
    expect([code, stderr]).toEqual([0, '']);
    expect(await t.sql("SELECT id FROM credentials WHERE service_name = 'Quoted'")).toHaveLength(1);
  });
});

test('the source is never changed, nor is what stands beside it', async () => {
  mkdirSync(path('source'));
  const file = path('source/wal.sqlite');
  sqliteSource(file, FERNET);
  const handle = openSqlite(file);
  handle.pragma('journal_mode = WAL');
  handle.close();
  symlinkSync(file, path('link.sqlite'));
  const digest = () => createHash('sha256').update(readFileSync(file)).digest('hex');
  const before = [digest(), readdirSync(path('source'))];
  expect((await fernet([path('link.sqlite')])).code).toBe(0);
  expect([digest(), readdirSync(path('source'))]).toEqual(before);
});

test('a view that fails is told with its name and the last row that came, not in the words of SQLite', async () => {
  sqliteSource(path('view.sqlite'), { first: { columns: ['id', 'url'], rows: [['1', 'x'], ['2', 'x']] } }); // prettier-ignore
  const handle = openSqlite(path('view.sqlite'));
  handle.exec(
    `CREATE VIEW credentials AS SELECT id, 'A' AS service_name, url, '${seal('CANARY-view')}' AS password_encrypted, ` +
      'CASE id WHEN 2 THEN abs(-9223372036854775808) END AS notes FROM first',
  );
  handle.close();
  const ran = await fernet([path('view.sqlite'), '--dry-run']);
  expect([ran.code, ran.stdout]).toEqual([1, '']);
  expect(ran.stderr).not.toContain('overflow');
  expect(ran.stderr).toMatch(/^The table "credentials" cannot be read .*\(SQLITE_ERROR\): /m);
  const well = await fernet([path('view.sqlite'), '--dry-run', '--table', 'first', '--plaintext', '--skip-unreadable', '--column', 'url=password']); // prettier-ignore
  expect(well.stdout).toMatch(/Nothing was written: this was a dry run\.\n$/);
  const nobody = await fernet([path('view.sqlite'), '--table', 'first', '--client', 'Nobody']);
  expect([nobody.code, nobody.stderr]).toEqual([
    3,
    expect.stringMatching(/^There is no client of this name/),
  ]);
});

test('a source in UTF-16 is read as that', async () => {
  const handle = openSqlite(path('wide.sqlite'));
  handle.pragma("encoding = 'UTF-16le'");
  handle.exec('CREATE TABLE first (a text)');
  handle.close();
  sqliteSource(path('wide.sqlite'), table(['1', 'Weit 🔑', 'größe', seal('CANARY-wide')]));
  const { code, stdout } = await fernet([path('wide.sqlite')]);
  expect([code, stdout]).toEqual([0, expect.stringContaining('1 opened')]);
  expect(await t.sql("SELECT username FROM credentials WHERE service_name = 'Weit 🔑'")).toEqual([
    { username: 'größe' },
  ]);
});

describe('many rows', () => {
  const MANY = 200;
  const rows = (name: string) =>
    Array.from({ length: MANY }, (_, n) => [`${name}-${n}`, name, `user ${n}`, seal(`CANARY-${name}-${n}`)]);
  const brought = async (name: string) =>
    (await t.sql('SELECT id FROM credentials WHERE service_name = ?', [name])).length;

  test('a run that is killed is gone on with by the next: every row comes, none twice', async () => {
    sqliteSource(path('killed.sqlite'), table(...rows('killed')));
    const server = await buildServer();
    const child = spawn(
      process.execPath,
      [join(server, 'src/cli.js'), 'admin', 'migrate-from', 'fernet', path('killed.sqlite')],
      {
        cwd: folder,
        env: { PATH: process.env.PATH ?? '', ...environmentBeside(t), ENCRYPTION_KEY: KEY },
        stdio: 'ignore',
      },
    );
    const ended = new Promise(done => child.once('close', done));
    while ((await brought('killed')) < 20 && child.exitCode === null) await sleep(5);
    child.kill('SIGKILL');
    await ended;
    const there = await brought('killed');
    expect(there).toBeGreaterThanOrEqual(20);
    expect(there).toBeLessThan(MANY);
    expect(await t.sql("SELECT row_id FROM imported_rows WHERE source = 'fernet'")).toHaveLength(
      (await count('imported_rows')) ?? 0,
    );
    const { code, json } = await fernet([path('killed.sqlite'), '--json']);
    expect(code).toBe(0);
    expect(json<Told>().rows.credentials).toMatchObject({ rows: MANY, there, brought: MANY - there });
    expect(await brought('killed')).toBe(MANY);
  });

  test('two runs at once bring each row once', async () => {
    sqliteSource(path('both.sqlite'), table(...rows('both')));
    const both = await Promise.all(
      [1, 2].map(() => fernet([path('both.sqlite'), '--json'], KEY, runCommand)),
    );
    expect(both.map(one => [one.code, one.stderr.replace(/^(Opened|Brought): .*\n/gm, '')])).toEqual([
      [0, ''],
      [0, ''],
    ]);
    const sum = both.reduce((all, one) => all + (one.json<Told>().rows.credentials?.brought ?? 0), 0);
    expect([sum, await brought('both')]).toEqual([MANY, MANY]);
  });
});
