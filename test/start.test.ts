import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildServer } from './harness/build.js';
import { startCost } from './harness/start-cost.mjs';

// Without the bundle, with the decorators of the document, a third of the resources cost twelve and eleven times.
// Beside other tests even times of the processor swing by a quarter.
test('a start costs little more than what it needs', async () => {
  const { server, command } = startCost(await buildServer(), 2);
  expect(server).toBeLessThan(10);
  expect(command).toBeLessThan(9);
}, 240_000);

describe('what was compiled is kept beside the build', () => {
  let build: string;
  let kept: string;
  let data: string;

  const run = (...flags: string[]) =>
    spawnSync(process.execPath, [...flags, join(build, 'src/cli.js'), 'admin', 'migrate', 'run', '--json'], {
      env: { PATH: process.env.PATH ?? '', OPSKEEP_DATA: data },
      encoding: 'utf8',
    });
  const files = () => readdirSync(kept);
  const only = () => join(kept, files()[0] ?? 'nothing');
  const works = () => expect(run()).toMatchObject({ status: 0, signal: null, stderr: '' });

  beforeAll(async () => {
    // Inside of the project, so that its packages are found; elsewhere than where it was built.
    build = mkdtempSync(join(process.cwd(), 'test-output', 'start-'));
    kept = join(build, '.compiled');
    data = mkdtempSync(join(tmpdir(), 'opskeep-start-'));
    const built = await buildServer();
    cpSync(built, build, { recursive: true, filter: path => !path.startsWith(join(built, '.compiled')) });
  });
  afterAll(() => {
    rmSync(build, { recursive: true, force: true });
    rmSync(data, { recursive: true, force: true });
  });

  test('by the first start, and then left alone', () => {
    works();
    expect(files()).toHaveLength(1);
    const before = readFileSync(only());
    works();
    expect(files()).toHaveLength(1);
    expect(readFileSync(only()).equals(before)).toBe(true);
  });

  test('for the flags of Node.js, too', () => {
    expect(run('--no-opt')).toMatchObject({ status: 0 });
    expect(files()).toHaveLength(2);
    rmSync(kept, { recursive: true });
    works();
  });

  test.each([
    ['cut off', (good: Buffer) => good.subarray(0, good.length / 2)],
    ['harmed', (good: Buffer) => Buffer.concat([good.subarray(0, 132), good.subarray(133), Buffer.alloc(1)])],
    ['foreign', () => Buffer.from('CANARY of another program')],
    ['empty', () => Buffer.alloc(0)],
  ])('%s, it is not used, and made anew', (_, spoilt) => {
    const good = readFileSync(only());
    writeFileSync(only(), spoilt(good));
    works();
    expect(readFileSync(only()).length).toBeGreaterThan(good.length / 2);
  });

  test('and what was made anew is used', () => {
    const made = readFileSync(only());
    works();
    expect(readFileSync(only()).equals(made)).toBe(true);
  });

  test('that of another build is not used, though it is as long', () => {
    const program = join(build, 'src/program.cjs');
    const before = readFileSync(program, 'latin1');
    const renamed = before.replaceAll('Lists the migrations', 'LISTS THE MIGRATIONS');
    writeFileSync(program, renamed, 'latin1');
    const { stdout } = spawnSync(
      process.execPath,
      [join(build, 'src/cli.js'), 'admin', 'migrate', '--help'],
      {
        encoding: 'utf8',
      },
    );
    expect(stdout).toContain('LISTS THE MIGRATIONS');
    writeFileSync(program, before, 'latin1');
  });

  test('where nothing can be kept, it starts', () => {
    rmSync(kept, { recursive: true });
    writeFileSync(kept, '');
    works();
    expect(readFileSync(kept)).toHaveLength(0);
  });
});
