import { execFile, execFileSync } from 'node:child_process';
import {
  appendFileSync, chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync,
  symlinkSync, truncateSync, writeFileSync,
} from 'node:fs'; // prettier-ignore
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ownHolder } from '../../src/client/disk/lock-holder.js';
import { LocalVault, LocalVaultError } from '../../src/client/vault/local-vault.js';
import { allLines, type EntryLine, lineOf, sealedFile } from '../../src/client/vault/sealed/sealed-file.js';
import { verify } from '../../src/client/vault/verify.js';

jest.setTimeout(240_000);

const KEY = 'ab'.repeat(32);

describe('a local vault', () => {
  let folder: string;
  let path: string;
  const home = process.env.HOME;
  const opened = () => new LocalVault({ path, key: KEY });
  const faults = async (accept = false) =>
    (await verify(opened().store, accept)).filter(one => !one.ok).map(one => one.name);

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opskeep-vault-'));
    process.env.HOME = folder;
    path = join(folder, 'vault', '.credentials');
    const vault = await LocalVault.create({ path, key: KEY });
    await vault.set('A', 'CANARY a');
    await vault.set('B', 'CANARY b', { service: 'b' });
  });
  afterEach(() => {
    process.env.HOME = home;
    rmSync(folder, { recursive: true, force: true });
  });

  /** Refused in words, with nothing of what is inside, and the file is left as it is. */
  async function expectRefused(says: RegExp, vault = opened()): Promise<void> {
    const before = readFileSync(path);
    const outcomes = await Promise.allSettled([vault.get('A'), vault.list(), vault.set('A', 'CANARY new')]);
    for (const outcome of outcomes) {
      const reason =
        outcome.status === 'rejected' ? (outcome.reason as Error) : new Error('It was not refused');
      expect(reason).toBeInstanceOf(LocalVaultError);
      expect(reason.message).toMatch(says);
      expect(reason.message).not.toMatch(/CANARY|abab/);
    }
    expect(readFileSync(path)).toEqual(before);
  }

  test('finds every flipped bit, every cut, and what was put behind its end', async () => {
    const whole = readFileSync(path);
    const vault = opened();
    const found = async (bytes: Buffer) => {
      writeFileSync(path, bytes);
      return vault.exists('A').then(
        () => false,
        error => error instanceof LocalVaultError && /^Failed to decrypt vault: /.test(error.message),
      );
    };
    const missed: string[] = [];
    for (let at = 0; at < whole.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const bytes = Buffer.from(whole);
        bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at);
        if (!(await found(bytes))) missed.push(`bit ${bit} of byte ${at}`);
      }
      if (!(await found(whole.subarray(0, at)))) missed.push(`cut at ${at}`);
    }
    for (const more of ['\n', '{}', whole.toString('latin1')])
      if (!(await found(Buffer.concat([whole, Buffer.from(more, 'latin1')])))) missed.push(`more: ${more}`);
    expect(missed).toEqual([]);
    writeFileSync(path, whole);
    expect(await vault.get('A')).toBe('CANARY a');
  });

  test('refuses another key, and entries that changed their places under the right one', async () => {
    await expectRefused(/^Failed to decrypt vault: .* key/, new LocalVault({ path, key: 'cd'.repeat(32) }));
    const { header, keys, bytes, tail } = await opened().store.read();
    const lines = [...allLines(bytes).values()].map(line => JSON.parse(line) as EntryLine);
    const [a, b] = lines as [EntryLine, EntryLine];
    const exchanged = {
      'values of others': [
        { ...a, sealed: b.sealed },
        { ...b, sealed: a.sealed },
      ],
      'another name': [
        { ...a, name: 'B' },
        { ...b, name: 'A' },
      ],
      'another type': [{ ...a, type: 'password' }, b],
      'another sequence': [{ ...a, sequence: 9 }, b],
    };
    for (const forged of Object.values(exchanged)) {
      // Even whoever could make the MAC of the file.
      writeFileSync(path, sealedFile(header, forged.map(lineOf), tail, keys.mac));
      rmSync(join(folder, '.local'), { recursive: true });
      await expect(opened().get('A')).rejects.toThrow('Failed to decrypt vault: an entry does not open');
      expect(await faults()).toContain('entries');
    }
  });

  test('tells an older copy that was put back, and takes it when it is told to', async () => {
    copyFileSync(path, join(folder, 'older'));
    await opened().set('A', 'CANARY later');
    copyFileSync(join(folder, 'older'), path);
    await expectRefused(/is an older or another copy: its counter is 3, and this machine has seen 4/);
    expect(await faults()).toEqual(['version']);
    expect(await faults(true)).toEqual([]);
    expect(await opened().get('A')).toBe('CANARY a');

    // Of two with one number the one that this machine has seen.
    await opened().set('A', 'CANARY here');
    const here = readFileSync(path);
    copyFileSync(join(folder, 'older'), path);
    rmSync(join(folder, '.local'), { recursive: true });
    await opened().set('A', 'CANARY elsewhere');
    writeFileSync(path, here);
    await expectRefused(/older or another copy/);
    // One that another machine has written since is taken.
    expect(await faults(true)).toEqual([]);
    const state = join(folder, '.local');
    renameSync(state, `${state}-kept`);
    await opened().set('A', 'CANARY from elsewhere');
    rmSync(state, { recursive: true });
    renameSync(`${state}-kept`, state);
    expect(await opened().exists('A')).toBe(true);
  });

  test('tells a log that was cut, altered or taken away', async () => {
    const log = `${path}.d/audit.log`;
    const whole = readFileSync(log, 'utf8');
    const lines = whole.trimEnd().split('\n');
    const changed = {
      cut: `${lines.slice(0, -1).join('\n')}\n`,
      'without an entry': `${[lines[0], ...lines.slice(2)].join('\n')}\n`,
      reordered: `${[lines[1], lines[0], lines[2]].join('\n')}\n`,
      altered: whole.replace('"name":"A"', '"name":"Z"'),
      empty: '',
    };
    for (const text of Object.values(changed)) {
      writeFileSync(log, text);
      expect(await faults()).toEqual(['log']);
    }
    await expect(opened().get('A')).rejects.toThrow(/The audit log .* was cut/);
    await expect(opened().set('A', 'x')).rejects.toThrow(/The audit log .* was cut/);
    writeFileSync(log, changed.altered);
    expect(await faults(true)).toEqual([]);
    expect(await opened().get('A')).toBe('CANARY a');
    // What a killed process wrote of its last line was never acknowledged.
    appendFileSync(log, '{"n":3,"at":"2030');
    expect(await opened().get('A')).toBe('CANARY a');
    expect(await faults()).toEqual([]);
  });

  test('opens nothing that others can read, and follows no links', async () => {
    const cases: [string, number, number][] = [
      [path, 0o640, 0o600],
      [path, 0o606, 0o600],
      [join(folder, 'vault'), 0o750, 0o700],
      [join(folder, 'vault'), 0o777, 0o700],
    ];
    for (const [where, open, closed] of cases) {
      chmodSync(where, open);
      await expectRefused(/too open .*: chmod/);
      chmodSync(where, closed);
    }
    // A working tree is read by others, and written by nobody else.
    mkdirSync(join(folder, 'vault', '.git'));
    chmodSync(join(folder, 'vault'), 0o755);
    expect(await opened().get('A')).toBe('CANARY a');
    chmodSync(join(folder, 'vault'), 0o775);
    await expectRefused(/too open/);
    chmodSync(join(folder, 'vault'), 0o700);

    for (const name of ['.credentials', '.credentials.d', '.credentials.d/audit.log']) {
      const real = join(folder, 'vault', name);
      renameSync(real, join(folder, 'elsewhere'));
      symlinkSync(join(folder, 'elsewhere'), real);
      await expect(opened().get('A')).rejects.toThrow(/link/);
      rmSync(real);
      renameSync(join(folder, 'elsewhere'), real);
    }
    expect(await opened().get('A')).toBe('CANARY a');
    rmSync(path);
    mkdirSync(path);
    await expect(opened().get('A')).rejects.toThrow(/is no regular file/);
    rmSync(path, { recursive: true });
    await expect(opened().get('A')).rejects.toThrow(/There is no vault at/);
  });

  test('is brought back from a backup, whatever became of it', async () => {
    await opened().set('A', 'CANARY later');
    const { restore, backupsOf } = await import('../../src/client/vault/backups.js');
    const spoil = [
      () => truncateSync(path, 100),
      () => rmSync(path),
      () => writeFileSync(path, 'CANARY nonsense'),
      () => rmSync(`${path}.d/audit.log`),
    ];
    for (const harm of spoil) {
      harm();
      const [newest] = await backupsOf(opened().store);
      await restore(opened().store, newest?.name ?? '');
      expect(await opened().get('B')).toBe('CANARY b');
      expect(await faults()).toEqual([]);
      expect(statSync(path).mode & 0o777).toBe(0o600);
    }
  });

  test('two processes that write at once lose nothing, and take over from a third that is gone', async () => {
    const gone = { ...ownHolder(), pid: 2 ** 22 + 1, start: '1' };
    writeFileSync(`${path}.d/lock`, JSON.stringify(gone));
    const out = join(process.cwd(), 'test-output', `vault-${process.env.JEST_WORKER_ID ?? '0'}`);
    const args = [
      'src/client/vault/local-vault.ts',
      '--bundle',
      '--platform=node',
      '--format=cjs',
      '--external:argon2',
    ];
    const esbuild = join(process.cwd(), 'node_modules/esbuild/bin/esbuild');
    await promisify(execFile)(esbuild, [...args, `--outfile=${join(out, 'vault.cjs')}`]);
    const source = `
      const { LocalVault } = require(${JSON.stringify(join(out, 'vault.cjs'))});
      const vault = new LocalVault({ path: ${JSON.stringify(path)}, key: '${KEY}' });
      (async () => { for (let n = 0; n < 100; n++) await vault.set(process.argv[1] + n, 'CANARY ' + n); })();`;
    const write = (name: string) =>
      promisify(execFile)(process.execPath, ['-e', source, name], { env: process.env });
    await Promise.all([write('first-'), write('second-')]);
    const list = await opened().list();
    expect(list).toHaveLength(202);
    expect(await opened().get('second-99')).toBe('CANARY 99');
    const { tail } = await opened().store.read();
    expect(tail).toMatchObject({ counter: 203, entries: 202 });
    expect(await faults()).toEqual([]);
  });
});

/** A disk of a quarter of a MiB, where this process may mount one. */
function mounted(folder: string): boolean {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k,mode=0700', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const trial = mkdtempSync(join(tmpdir(), 'opskeep-mount-'));
const mayMount = mounted(join(trial, 'disk'));
if (mayMount) execFileSync('umount', [join(trial, 'disk')]);
rmSync(trial, { recursive: true });

(mayMount ? test : test.skip)(
  'a full disk refuses in words, or takes all of it; nothing is lost',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'opskeep-vault-'));
    const disk = join(folder, 'disk');
    mounted(disk);
    const home = process.env.HOME;
    try {
      process.env.HOME = disk;
      const path = join(disk, 'vault', '.credentials');
      const vault = await LocalVault.create({ path, key: KEY });
      let value = 'CANARY first';
      await vault.set('A', value);
      const outcomes = new Set<string>();
      for (let pages = 0; pages < 9; pages++) {
        const filler = join(disk, 'filler');
        try {
          for (;;) writeFileSync(filler, Buffer.alloc(4_096), { flag: 'a' });
        } catch {
          truncateSync(filler, Math.max(0, statSync(filler).size - pages * 4_096));
        }
        for (const work of [
          () => vault.set('A', `CANARY ${pages} ${'x'.repeat(9_000)}`),
          () => vault.get('A'),
        ]) {
          const error: unknown = await work().then(
            () => undefined,
            (one: unknown) => one,
          );
          if (error) expect(String(error)).toMatch(/^ClientError: .*ENOSPC/);
          if (error) expect(String(error)).not.toContain('CANARY');
          outcomes.add(error ? 'refused' : 'done');
        }
        rmSync(filler);
        const now = await vault.get('A');
        expect([value, `CANARY ${pages} ${'x'.repeat(9_000)}`]).toContain(now);
        value = now;
        expect((await verify(vault.store, false)).filter(one => !one.ok)).toEqual([]);
        expect(existsSync(`${path}.d/next`)).toBe(false);
      }
      expect([...outcomes].sort()).toEqual(['done', 'refused']);
    } finally {
      process.env.HOME = home;
      execFileSync('umount', [disk]);
      rmSync(folder, { recursive: true });
    }
  },
);
