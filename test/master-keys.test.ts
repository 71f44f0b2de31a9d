import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSettings } from '../src/core/config/load-settings.js';
import { splitCommand } from '../src/core/config/command-line.js';
import { programEnvironment } from '../src/core/config/program-environment.js';
import { runKeyCommand } from '../src/core/crypto/master-key/key-command.js';
import { loadMasterKeys } from '../src/core/crypto/master-key/master-key-set.js';

const newKey = () => randomBytes(32).toString('base64url');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'opskeep-keys-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program of one line of JavaScript, as the setting names it. */
function program(script: string): string {
  const path = join(folder, 'print key.cjs');
  writeFileSync(path, script);
  return `'${process.execPath}' "${path}"`;
}

const settingsOf = (environment: Record<string, string>) =>
  loadSettings({ OPSKEEP_DATA: join(folder, 'data'), ...environment }, folder).settings;
const keysOf = (environment: Record<string, string>) =>
  loadMasterKeys(settingsOf(environment), () => undefined);
const refusalOf = async (script: string): Promise<string> => {
  const failure = await keysOf({ API_KEY_MASTER_KEY_COMMAND: program(script) }).catch(
    (error: unknown) => error as Error,
  );
  expect(failure).toMatchObject({ name: 'MasterKeyError' });
  return (failure as Error).message;
};

describe('a master key from a command', () => {
  test('is what it prints, one key a line, the first is current', async () => {
    const [first, second] = [newKey(), newKey()];
    const keys = await keysOf({
      API_KEY_MASTER_KEY_COMMAND: program(`console.log('${first}\\n\\n${second}')`),
    });
    const [one, other] = [
      await keysOf({ API_KEY_MASTER_KEY: first }),
      await keysOf({ API_KEY_MASTER_KEY: second }),
    ];
    expect(keys.ids).toEqual([one.current.id, other.current.id]);
    expect(keys.target.id).toBe(one.current.id);
    expect(keys.source).toBe(`the command ${process.execPath}`);
  });

  const said = "process.stdout.write('CANARY'); process.stderr.write('CANARY');";
  test.each([
    ['fails', `${said} process.exitCode = 3`, /has failed with exit code 3$/],
    ['is killed', `${said} process.kill(process.pid, 'SIGKILL')`, /was ended by SIGKILL$/],
    ['prints no key', said, /must be 32 bytes as url-safe base64 or as 64 hex digits/],
    ['prints half a key', "console.log('ab'.repeat(16))", /must be 32 bytes/],
    ['prints nothing', '', /is empty/],
    ['prints blanks', "console.log(' \\n\\n')", /is empty/],
    ['prints too much', "console.log('CANARY'.repeat(10_000))", /printed more than 16384 bytes/],
  ])('that %s is a refusal, with none of its words', async (_, script, why) => {
    const message = await refusalOf(script);
    expect(message).toMatch(why);
    expect(message).toMatch(/^(The output of )?API_KEY_MASTER_KEY_COMMAND/);
    expect(message).not.toContain('CANARY');
  });

  test('is not waited for without end, also when its children hold on', async () => {
    const script =
      "require('node:child_process').spawn('sleep', ['30'], { stdio: 'inherit' }); setInterval(() => 0, 1e3)";
    const [node = '', path = ''] = splitCommand(program(script));
    await expect(runKeyCommand([node, path], 300)).rejects.toThrow('did not end within 0.3 seconds');
  });

  test('takes what it started along when it is ended, and waits for none of it when all is well', async () => {
    const file = join(folder, 'pid');
    const child = (more: string) =>
      `const { pid } = require('node:child_process').spawn('sleep', ['30'], { stdio: 'inherit' }); require('node:fs').writeFileSync(${JSON.stringify(file)}, String(pid)); ${more}`;
    const run = (more: string, limit: number) => runKeyCommand(splitCommand(program(child(more))), limit);
    expect(await run("process.stdout.write('key', () => process.exit(0))", 20_000)).toBe('key');
    process.kill(Number(readFileSync(file, 'utf8')), 'SIGKILL');
    await expect(run('setInterval(() => 0, 1e3)', 2_000)).rejects.toThrow('did not end');
    const state = () => { try { return readFileSync(`/proc/${readFileSync(file, 'utf8')}/stat`, 'utf8').split(' ')[2]; } catch { return 'gone'; } };
    while (!['Z', 'gone'].includes(state() ?? '')) await new Promise(resolve => setImmediate(resolve));
  }); // prettier-ignore

  test('that is not there is a refusal', async () => {
    const keys = keysOf({ API_KEY_MASTER_KEY_COMMAND: join(folder, 'nothing') });
    await expect(keys).rejects.toThrow(/nothing cannot be started \(ENOENT\)/);
  });

  test('runs without a shell, and without the secrets of the server', () => {
    expect(splitCommand(` a 'b c' "d'e"\t$HOME;x |y * `)).toEqual(['a', 'b c', "d'e", '$HOME;x', '|y', '*']);
    for (const text of ['', '  ', '"open', 'a"b"', "a 'b'c", '""'])
      expect(() => splitCommand(text)).toThrow('a program and its arguments');
    const environment = programEnvironment({
      PATH: '/bin', AWS_PROFILE: 'msp', JWT_SECRET_KEY: 'x', DATABASE_URL: 'x', API_KEY_MASTER_KEY_PREVIOUS_FILE: 'x',
    }); // prettier-ignore
    expect(environment).toEqual({ PATH: '/bin', AWS_PROFILE: 'msp' });
  });

  test('is the only place: a key beside it is a fault of the settings', () => {
    const both = { API_KEY_MASTER_KEY_COMMAND: 'cat key', API_KEY_MASTER_KEY: newKey() };
    expect(() => settingsOf(both)).toThrow(/API_KEY_MASTER_KEY_COMMAND: the key comes from one place/);
    const production = { NODE_ENV: 'production', JWT_SECRET_KEY: 'CANARY'.repeat(6) };
    expect(() => settingsOf(production)).toThrow(/API_KEY_MASTER_KEY: is required in production/);
    const { API_KEY_MASTER_KEY_COMMAND } = settingsOf({
      ...production,
      API_KEY_MASTER_KEY_COMMAND: 'cat key',
    });
    expect(API_KEY_MASTER_KEY_COMMAND).toEqual(['cat', 'key']);
  });
});

test('the next key opens, and is what a rotation leads to; one that was published is refused', async () => {
  const [current, next, previous] = [newKey(), newKey(), newKey()];
  const keys = await keysOf({
    API_KEY_MASTER_KEY: current,
    API_KEY_MASTER_KEY_NEXT: next,
    API_KEY_MASTER_KEY_PREVIOUS: previous,
  });
  const idOf = async (key: string) => (await keysOf({ API_KEY_MASTER_KEY: key })).current.id;
  expect(keys.ids).toEqual([await idOf(current), await idOf(next), await idOf(previous)]);
  expect([keys.current.id, keys.target.id]).toEqual([await idOf(current), await idOf(next)]);
  expect(() => settingsOf({ API_KEY_MASTER_KEY: current, API_KEY_MASTER_KEY_NEXT: 'short' })).toThrow(
    /API_KEY_MASTER_KEY_NEXT: must be 32 bytes/,
  );
});

describe('a source that may change', () => {
  const later = (ms: number) => jest.spyOn(performance, 'now').mockReturnValue(performance.now() + ms);
  afterEach(() => jest.restoreAllMocks());

  test('is read again for a key that is not at hand, not more often than every five seconds', async () => {
    const [old, next] = [newKey(), newKey()];
    const path = join(folder, 'key');
    writeFileSync(path, `${old}\n`, { mode: 0o600 });
    const keys = await keysOf({ API_KEY_MASTER_KEY_FILE: path });
    const wanted = (await keysOf({ API_KEY_MASTER_KEY: next })).current.id;
    writeFileSync(path, `${next}\n${old}\n`);
    expect(await keys.reach(wanted)).toBeUndefined();
    later(6_000);
    const found = await Promise.all([keys.reach(wanted), keys.reach(wanted)]);
    expect(found.map(one => one?.id)).toEqual([wanted, wanted]);
    expect(keys.target.id).toBe(wanted);
  });

  test('that is broken meanwhile takes no key away', async () => {
    const path = join(folder, 'key');
    writeFileSync(path, newKey(), { mode: 0o600 });
    const keys = await keysOf({ API_KEY_MASTER_KEY_FILE: path });
    const { ids } = keys;
    writeFileSync(path, 'half a ke');
    later(6_000);
    expect(await keys.reach('0123456789abcdef')).toBeUndefined();
    rmSync(path);
    later(60_000);
    expect(await keys.reach('0123456789abcdef')).toBeUndefined();
    expect(keys.ids).toEqual(ids);
  });
});
