import { execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startApp, type TestApp } from '../app.js';
import { databasesOf, elsewhere, faults } from '../harness/backing-up.js';
import { buildServer } from '../harness/build.js';
import { environmentBeside, runCommand } from '../harness/command.js';
import { runInside } from '../harness/command-inside.js';
import { type FreshDatabase, testDatabase } from '../harness/database.js';
import { query } from '../harness/query.js';

jest.setTimeout(240_000);

interface Made {
  file: string;
  removed: string[];
  not_counted: { file: string; why: string }[];
  checksum_sha256: string;
}
let t: TestApp;
let fresh: FreshDatabase;
let environment: Record<string, string>;
let there: Record<string, string>;
const run = (...args: string[]) => runInside(environment, ['admin', 'backup', ...args]);
const runAlone = (...args: string[]) => runCommand(environment, ['admin', 'backup', ...args]);
const folder = () => join(environment.OPSKEEP_DATA!, 'backups');
const logged = () =>
  t.sql<{
    file_path: string;
    verification: string;
    notes: string;
    backup_type: string;
    checksum_sha256: string;
  }>("SELECT * FROM backup_log WHERE method = 'opskeep admin backup' ORDER BY id");

beforeAll(async () => {
  t = await startApp();
  environment = environmentBeside(t);
  await t.make('clients', { name: 'Acme' });
});
afterAll(() => t.close());
beforeEach(async () => {
  fresh = await databasesOf(testDatabase());
  there = elsewhere(t, fresh);
});
afterEach(() => fresh.drop());

/** The three lines of a header, and what follows them. */
function parted(whole: Buffer): { header: string; sealed: Buffer } {
  const [first = '', second = '', third = ''] = whole.toString('latin1').split('\n', 3);
  const header = `${first}\n${second}\n`;
  return { header, sealed: whole.subarray(header.length + third.length + 1) };
}

/** One that reads well, made without a key. */
function forgedHeader(header: string, created_at: string): Buffer {
  const text = header
    .replace(/"created_at":"[^"]*"/, `"created_at":"${created_at}"`)
    .replace(/"id":"[^"]*"/, `"id":"${randomUUID()}"`);
  return Buffer.from(`${text}${createHash('sha256').update(text).digest('hex')}\n`);
}

describe('a backup by the command line', () => {
  let made: Made;

  test('is made for its owner alone, read back, and noted in the log', async () => {
    const ran = await runAlone('create', '--type', 'daily', '--json');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    made = ran.json<Made>();
    expect(basename(made.file)).toMatch(/^opskeep-\d{8}T\d{6}Z\.backup$/);
    const mode = (path: string) => statSync(path).mode & 0o777;
    expect([mode(made.file), mode(folder())]).toEqual([0o600, 0o700]);
    expect(await logged()).toMatchObject([
      {
        file_path: made.file,
        verification: 'passed',
        backup_type: 'daily',
        checksum_sha256: made.checksum_sha256,
      },
    ]);
    const sum = execFileSync('sha256sum', [made.file], { encoding: 'utf8' });
    expect(sum.split(' ')[0]).toBe(made.checksum_sha256);
    expect(readFileSync(made.file).includes('Acme')).toBe(false);
    const nowhere = join(folder(), 'mistyped', 'x.backup');
    const lost = await run('create', '--out', nowhere);
    expect([lost.code, lost.stderr]).toEqual([2, expect.stringContaining('There is no folder')]);
    expect(existsSync(join(folder(), 'mistyped'))).toBe(false);
    const again = await run('create', '--out', made.file);
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('is there already')]);
  });

  test('is listed, and verified where there is no installation', async () => {
    const listed = await run('list');
    expect(listed.stdout).toMatch(
      new RegExp(`^file .*\n${basename(made.file)} .* passed on \\d{4}-\\d\\d-\\d\\d\n$`),
    );
    const nowhere = {
      ...there,
      DATABASE_URL: `sqlite:${join(fresh.data, 'none')}`,
      KEYSTORE_DATABASE_URL: `sqlite:${join(fresh.data, 'no keys')}`,
    };
    const alone = await runCommand(nowhere, ['admin', 'backup', 'verify', made.file, '--json']);
    expect(alone).toMatchObject({ code: 0, stderr: expect.stringContaining('not noted in a backup log') });
    expect(alone.json()).toMatchObject({
      ok: true,
      checksum_sha256: made.checksum_sha256,
      rows_by_table: { 'main.clients': 1 },
    });
    const none = await runInside(nowhere, ['admin', 'backup', 'list']);
    expect(none).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('There is no installation'),
    });
    expect(readdirSync(fresh.data)).toEqual([]);
    const other = await runInside({ ...nowhere, API_KEY_MASTER_KEY: randomBytes(32).toString('hex') }, [
      'admin',
      'backup',
      'verify',
      made.file,
    ]);
    expect(other).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is sealed under the master key'),
    });
    expect(other.stdout).toContain('verified   no: this is what its header says');
  });

  test('that is damaged is noted as that; a file that is not there has exit code 3', async () => {
    const whole = readFileSync(made.file);
    const bad = Buffer.from(whole);
    bad[bad.length - 20]! ^= 1;
    writeFileSync(made.file, bad);
    // As large as it was, by a header that is right: nobody has looked at what stands there now.
    expect((await run('list')).stdout).toMatch(/ not_verified\n$/);
    expect(await run('verify', made.file)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is damaged'),
    });
    expect(await logged()).toMatchObject([{ verification: 'failed' }]);
    writeFileSync(made.file, whole);
    const moved = join(folder(), 'moved.backup');
    renameSync(made.file, moved);
    expect(await run('verify', moved)).toMatchObject({ code: 0, stderr: '' });
    expect(await logged()).toMatchObject([{ verification: 'passed' }]);
    renameSync(moved, made.file);
    expect(await run('verify', join(folder(), 'none'))).toMatchObject({ code: 3 });
    expect(await run('restore', join(folder(), 'none'))).toMatchObject({ code: 3 });
  });

  test('takes the place of older ones where that is asked for, and of no others', async () => {
    // What is not ours by its name, its installation or its header stays.
    writeFileSync(join(folder(), 'opskeep-20200101T000000Z.backup'), 'no backup');
    writeFileSync(join(folder(), 'before-upgrade.backup'), readFileSync(made.file));
    const whole = readFileSync(made.file);
    const { header, sealed } = parted(whole);
    const forged = {
      // The new one and all others would go for it.
      'opskeep-20990101T000000Z.backup': [forgedHeader(header, '2099-01-01T00:00:00.000Z'), sealed],
      'opskeep-20200102T000000Z.backup': [forgedHeader(header, '2020-01-02T00:00:00.000Z'), sealed],
      // Its beginning opens.
      'opskeep-20200103T000000Z.backup': [whole.subarray(0, whole.length - 100)],
    };
    for (const [name, parts] of Object.entries(forged))
      writeFileSync(join(folder(), name), Buffer.concat(parts));
    const abandoned = join(folder(), 'opskeep-20200101T000000Z.backup.0123456789ab.part');
    writeFileSync(abandoned, 'half');
    utimesSync(abandoned, 0, 0);
    const recent = `${abandoned.slice(0, -17)}ffffffffffff.part`;
    writeFileSync(recent, 'half');
    const next = (await run('create', '--keep-last', '1', '--json')).json<Made>();
    expect(next.removed).toEqual([made.file]);
    const left = next.not_counted.map(one => [basename(one.file), one.why]);
    expect(Object.fromEntries(left)).toEqual({
      'opskeep-20990101T000000Z.backup': 'it says that it was made later',
      'opskeep-20200102T000000Z.backup': 'it does not open',
      'opskeep-20200103T000000Z.backup': 'it begins as another one does',
    });
    expect(readdirSync(folder()).sort()).toEqual(
      [
        'before-upgrade.backup',
        ...Object.keys(forged),
        basename(next.file),
        'opskeep-20200101T000000Z.backup',
        basename(recent),
      ].sort(),
    );
    expect((await logged()).map(one => one.notes)).toEqual([
      expect.stringContaining('by retention'),
      expect.not.stringContaining('retention'),
    ]);
    expect((await run('list')).stdout).toContain('its header is damaged');
    // Its beginning opens still: the log knows that it was another one.
    appendFileSync(next.file, 'more');
    const third = (await run('create', '--keep-last', '1', '--json')).json<Made>();
    expect(third.removed).toEqual([]);
    expect(third.not_counted).toContainEqual({
      file: next.file,
      why: 'it is not the one that the backup log knows',
    });
    const refused = await run('create', '--out', join(folder(), 'x'), '--keep-last', '1');
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('not beside --out')]);
    expect(await run('create', '--keep-daily', 'all')).toMatchObject({ code: 2 });
  });
});

describe('with very much in the database', () => {
  /** MiB: of the heap of a process, and by how much its memory may grow for 120 MB of rows. */
  const [HEAP, MORE] = [100, 90];
  /** `BACKUP_TEST_ROWS=1000000 npx jest test/backups/commands -t 'very much'` (SQLite) takes 1 GB in rows of 1 KB. */
  const ROWS = Number(process.env.BACKUP_TEST_ROWS ?? 3_000);
  const BYTES = ROWS > 100_000 ? 1_000 : 40_000;
  let path: string;
  let idle: number | undefined;
  /** Prints the most memory that a process had, in MiB, when it ends. */
  const memory = () => {
    const script = join(environment.OPSKEEP_DATA!, 'memory.cjs');
    writeFileSync(
      script,
      "process.on('exit', () => process.stderr.write(`MEMORY ${process.resourceUsage().maxRSS / 1024}\\n`));",
    );
    return { NODE_OPTIONS: `--max-old-space-size=${HEAP} --require ${script}` };
  };
  const memoryOf = (stderr: string) => Number(/MEMORY (\d+)/.exec(stderr)?.[1]);

  beforeAll(async () => {
    // A twentieth of it is as incompressible as what is sealed.
    const [odd, even] = [Math.floor(BYTES / 40), Math.floor(BYTES / 2)];
    const text =
      testDatabase() === 'sqlite'
        ? `hex(randomblob(${odd})) || hex(zeroblob(${even}))`
        : `CONCAT(LEFT(REPEAT(SHA2(RAND(), 512), ${Math.ceil(odd / 64)}), ${2 * odd}), REPEAT('0', ${2 * even}))`;
    await t.change(
      'INSERT INTO audit_tiles (path, hashes) WITH RECURSIVE rows_of(i) AS ' +
        `(SELECT 1 UNION ALL SELECT i + 1 FROM rows_of WHERE i < ${ROWS}) ` +
        `SELECT CONCAT('ballast/', i), ${text} FROM rows_of`,
    );
  });

  /** Whether a process had little more memory than one that reads nothing. */
  async function expectLittle(stderr: string): Promise<void> {
    idle ??= memoryOf((await runCommand({ ...environment, ...memory() }, ['admin', 'user', 'list'])).stderr);
    expect(idle).toBeGreaterThan(50);
    expect(memoryOf(stderr)).toBeLessThan(idle + MORE);
  }

  test('a backup takes no memory for it', async () => {
    path = join(folder(), 'large.backup');
    const made = await runCommand({ ...environment, ...memory() }, [
      'admin',
      'backup',
      'create',
      '--out',
      path,
    ]);
    expect(made).toMatchObject({ code: 0 });
    await expectLittle(made.stderr);
  });

  /** Runs a command until `done`, and sends it a signal. @returns how it ended, and what it said */
  async function ended(
    env: Record<string, string>,
    args: string[],
    done: () => Promise<boolean> | boolean,
    signal: NodeJS.Signals = 'SIGKILL',
  ): Promise<[number | NodeJS.Signals, string]> {
    const child = spawn(process.execPath, [join(await buildServer(), 'src/cli.js'), ...args], {
      cwd: env.OPSKEEP_DATA,
      env: { PATH: process.env.PATH ?? '', ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const end = new Promise<number | NodeJS.Signals>(resolve =>
      child.once('close', (code, by) => resolve(by ?? code ?? -1)),
    );
    while (child.exitCode === null && !(await done())) await sleep(5);
    child.kill(signal);
    return [await end, stderr];
  }

  test('a backup that is killed leaves nothing that looks like one', async () => {
    const before = new Set(readdirSync(folder()));
    const parts = () => readdirSync(folder()).filter(name => !before.has(name) && name.endsWith('.part'));
    const size = () => Math.max(0, ...parts().map(name => statSync(join(folder(), name)).size));
    // At its beginning, and when almost all of it is written.
    for (const least of [1, statSync(path).size * 0.7]) {
      const [by] = await ended(environment, ['admin', 'backup', 'create'], () => size() > least);
      expect(by).toBe('SIGKILL');
      expect(readdirSync(folder()).filter(name => !before.has(name) && !name.endsWith('.part'))).toEqual([]);
      for (const name of parts()) rmSync(join(folder(), name));
    }
  });

  test('a restore that is killed is known for it, and begun anew, without memory for it', async () => {
    const rows = async () => {
      if (fresh.url.startsWith('sqlite:') && !existsSync(fresh.url.slice('sqlite:'.length))) return 0;
      const [row] = await query<{ n: number }>(fresh.url, 'SELECT COUNT(*) AS n FROM audit_tiles').catch(
        () => [],
      );
      return Number(row?.n ?? 0);
    };
    const restore = ['admin', 'backup', 'restore', path];
    const [by] = await ended(there, restore, async () => (await rows()) > 10);
    expect(by).toBe('SIGKILL');
    const isUnfinished = { code: 1, stdout: '', stderr: expect.stringContaining('has not ended') };
    for (const words of [
      ['user', 'list'],
      ['migrate', 'status'],
      ['audit', 'verify'],
    ])
      expect(await runInside(there, ['admin', ...words])).toMatchObject(isUnfinished);
    // By Ctrl-C, among the rows of the second attempt.
    let emptied = false;
    const isAmongRows = async () => {
      const found = await rows();
      emptied ||= found === 0;
      return emptied && found > 10;
    };
    const [code, said] = await ended(there, [...restore, '--again'], isAmongRows, 'SIGINT');
    expect([code, said]).toEqual([
      130,
      expect.stringMatching(/Cut off: .* admin backup restore \S+ --again\n$/),
    ]);
    expect(await runCommand(there, ['admin', 'backup', 'restore', path])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--again'),
    });
    const restored = await runCommand({ ...there, ...memory() }, [
      'admin',
      'backup',
      'restore',
      path,
      '--again',
    ]);
    expect(restored).toMatchObject({ code: 0 });
    await expectLittle(restored.stderr);
    expect(await rows()).toBeGreaterThanOrEqual(ROWS);
    expect((await faults(there)).map(one => one.what)).toEqual([]);
  });

  /** A disk of so much, where this process may mount one. */
  const withDiskOf = async (size: string, work: (disk: string) => Promise<void>) => {
    const disk = join(fresh.data, 'disk');
    mkdirSync(disk, { recursive: true, mode: 0o700 });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0700`, 'tmpfs', disk], {
      stdio: 'ignore',
    });
    try {
      await work(disk);
    } finally {
      execFileSync('umount', [disk]);
    }
  };

  test('a full disk ends both, and nothing of it looks whole', async () => {
    await withDiskOf('128k', async disk => {
      const made = await runAlone('create', '--out', join(disk, 'x.backup'));
      expect(made).toMatchObject({ code: 1, stderr: expect.stringContaining('The disk is full') });
      expect(readdirSync(disk)).toEqual([]);
    });
    if (testDatabase() !== 'sqlite') return;
    await withDiskOf('8m', async disk => {
      const full = { ...there, DATABASE_URL: `sqlite:${join(disk, 'opskeep.sqlite')}` };
      const restored = await runCommand(full, ['admin', 'backup', 'restore', path]);
      expect(restored.code).not.toBe(0);
      expect(await runCommand(full, ['admin', 'user', 'list'])).toMatchObject({
        stderr: expect.stringContaining('has not ended'),
      });
    });
  });
});
