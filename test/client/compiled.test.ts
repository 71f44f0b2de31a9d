import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildClient } from './machine.js';

describe('what V8 compiled of a program on the machine of a user', () => {
  let folder: string;
  const kept = () => join(folder, '.compiled');
  const only = () => join(kept(), readdirSync(kept())[0] ?? '');
  const script = () => join(folder, 'hook-main.cjs');

  /** A prompt without a server is a line in the log, and nothing else. */
  function works(): void {
    const input = JSON.stringify({ session_id: 's', cwd: folder, prompt: 'Why?' });
    const env = { PATH: process.env.PATH, HOME: folder };
    const run = spawnSync(process.execPath, [join(folder, 'hook.cjs'), 'UserPromptSubmit'], { input, env });
    expect([run.status, String(run.stdout), String(run.stderr)]).toEqual([0, '', '']);
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opskeep-compiled-'));
    const built = await buildClient();
    for (const name of ['hook.cjs', 'hook-main.cjs']) cpSync(join(built, name), join(folder, name));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('is kept beside it, and used', () => {
    works();
    const made = readFileSync(only());
    expect(made.length).toBeGreaterThan(10_000);
    works();
    expect(readFileSync(only()).equals(made)).toBe(true);
    expect(readdirSync(kept())).toHaveLength(1);
  });

  test.each([
    ['cut off', (good: Buffer) => good.subarray(0, good.length / 2)],
    ['harmed', (good: Buffer) => Buffer.concat([good.subarray(0, 132), good.subarray(133), Buffer.alloc(1)])],
    ['empty', () => Buffer.alloc(0)],
  ])('%s, it is not used, and made anew', (_, spoilt) => {
    const good = readFileSync(only());
    writeFileSync(only(), spoilt(good));
    works();
    expect(readFileSync(only()).length).toBeGreaterThan(good.length / 2);
  });

  test('that others may write to is not used', () => {
    chmodSync(only(), 0o666);
    const others = readFileSync(only());
    writeFileSync(only(), others);
    works();
    // Made anew by a rename, with rights of its own.
    expect(statSync(only()).mode & 0o022).toBe(0);
  });

  test('is in a folder that others may not write to, whatever the umask', () => {
    const before = process.umask();
    for (const mask of [0o000, 0o077]) {
      rmSync(kept(), { recursive: true });
      process.umask(mask);
      try {
        works();
      } finally {
        process.umask(before);
      }
      expect(statSync(kept()).mode & 0o777).toBe(0o755);
    }
  });

  test('is not read from, and not written into, a folder that others may write to, or behind a link', () => {
    const elsewhere = join(folder, 'elsewhere');
    const good = readFileSync(only());
    writeFileSync(only(), 'harmed');
    chmodSync(kept(), 0o777);
    works();
    chmodSync(kept(), 0o755);
    expect(readFileSync(only(), 'utf8')).toBe('harmed');
    renameSync(kept(), elsewhere);
    symlinkSync(elsewhere, kept());
    works();
    expect(readFileSync(only(), 'utf8')).toBe('harmed');
    rmSync(kept());
    renameSync(elsewhere, kept());
    // A link to what fits is not followed either, but replaced.
    writeFileSync(elsewhere, good);
    const path = only();
    rmSync(path);
    symlinkSync(elsewhere, path);
    works();
    expect(lstatSync(path).isFile()).toBe(true);
  });

  test('and of a script as long as another is not used for the other', () => {
    const before = readFileSync(script(), 'latin1');
    const changed = before.replaceAll('no server is configured', 'NO SERVER IS CONFIGURED');
    expect(changed).not.toBe(before);
    writeFileSync(script(), changed, 'latin1');
    works();
    const log = readFileSync(join(folder, '.local/state/opskeep/hook.log'), 'utf8');
    expect(log.trimEnd().split('\n').at(-1)).toContain('NO SERVER IS CONFIGURED');
  });

  test('where a part of the script is missing nothing is said, and no session is stopped', () => {
    rmSync(script());
    works();
    expect(existsSync(script())).toBe(false);
  });
});
