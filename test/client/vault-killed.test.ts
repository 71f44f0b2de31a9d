import { execFile } from 'node:child_process';
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LocalVault } from '../../src/client/vault/local-vault.js';
import { verify } from '../../src/client/vault/verify.js';
import { buildClient, type Machine, makeMachine } from './machine.js';

jest.setTimeout(240_000);

const KEY = 'ab'.repeat(32);
const KILLED_AT = join(process.cwd(), 'test/client/killed-at.cjs');

/** Every call to the system that changes something is the last one of a process, each in its turn. */
describe('a process that is killed in the middle of', () => {
  let machine: Machine;
  let program: string;
  let path: string;
  const home = process.env.HOME;

  beforeEach(async () => {
    machine = await makeMachine();
    program = join(await buildClient(), 'opskeep.cjs');
    path = join(machine.config, '.credentials');
    // This process is one more on that machine.
    process.env.HOME = machine.home;
  });
  afterEach(() => {
    process.env.HOME = home;
    machine.remove();
  });

  /** Runs a command that is killed at its n-th call, or not at all; answers with the number of calls then. */
  function run(args: string[], n: number): Promise<{ killed: boolean; calls: number; stdout: string }> {
    const env = { ...machine.environment, FPAI_CREDENTIALS_KEY: KEY, KILLED_AT: String(n) };
    return new Promise(resolve => {
      const child = execFile(
        process.execPath,
        ['--require', KILLED_AT, program, 'vault', ...args],
        { env, cwd: machine.work },
        (error, stdout, stderr) =>
          resolve({
            killed: error?.signal === 'SIGKILL',
            calls: Number(/calls: (\d+)/.exec(stderr)?.[1]),
            stdout,
          }),
      );
      child.stdin?.on('error', () => undefined).end('CANARY new');
    });
  }

  /** What must hold whenever a process ended: the old or the new value, a vault that takes another, a log that is whole. */
  async function expectWhole(values: string[]): Promise<void> {
    const vault = new LocalVault({ path, key: KEY });
    expect(values).toContain(await vault.get('A'));
    expect(await vault.get('B')).toBe('CANARY other');
    await vault.set('C', 'CANARY after');
    expect(await vault.get('C')).toBe('CANARY after');
    expect((await verify(vault.store, false)).filter(one => !one.ok)).toEqual([]);
    const left = readdirSync(`${path}.d`).filter(name => !['audit.log', 'backups'].includes(name));
    expect(left).toEqual([]);
  }

  async function begin(): Promise<string> {
    const vault = await LocalVault.create({ path, key: KEY });
    await vault.set('A', 'CANARY old');
    await vault.set('B', 'CANARY other');
    await vault.set('D', 'CANARY next');
    const saved = join(machine.home, 'saved');
    for (const folder of ['.config', '.local'])
      cpSync(join(machine.home, folder), join(saved, folder), { recursive: true });
    return saved;
  }

  function again(saved: string): void {
    for (const folder of ['.config', '.local']) {
      rmSync(join(machine.home, folder), { recursive: true });
      cpSync(join(saved, folder), join(machine.home, folder), { recursive: true });
    }
  }

  test.each([
    ['set', ['set', 'A'], ['CANARY old', 'CANARY new']],
    ['get', ['get', 'A'], ['CANARY old']],
    ['backup restore', ['backup', 'restore', '3'], ['CANARY old']],
  ])('%s leaves the old vault or the new one', async (_name, args, values) => {
    const saved = await begin();
    // What the program keeps compiled is written once.
    await run(args, 0);
    again(saved);
    const { calls } = await run(args, 0);
    expect(calls).toBeGreaterThan(7);
    for (let n = 1; n <= calls; n++) {
      again(saved);
      const ended = await run(args, n);
      expect([n, ended.killed]).toEqual([n, true]);
      await expectWhole(values);
    }
  });

  test('init leaves a vault, or none and room for one', async () => {
    const { calls } = await run(['init'], 0);
    for (let n = 1; n <= calls; n++) {
      rmSync(machine.config, { recursive: true, force: true });
      await run(['init'], n);
      if (!existsSync(path)) await LocalVault.create({ path, key: KEY });
      const vault = new LocalVault({ path, key: KEY });
      await vault.set('A', 'CANARY');
      expect(await vault.get('A')).toBe('CANARY');
    }
  });
});
