import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FreshDatabase, freshDatabase } from './harness/database.js';
import { freePort } from './harness/free-port.mjs';
import { environmentOf } from './harness/server.js';

jest.setTimeout(240_000);
const PATIENCE_MS = 60_000;

let fresh: FreshDatabase;
let started: ChildProcess | undefined;
beforeEach(async () => {
  fresh = await freshDatabase();
});
afterEach(async () => {
  try {
    if (started?.pid) process.kill(-started.pid, 'SIGKILL');
  } catch {
    // As it should be: nothing of it is left.
  }
  await fresh.drop();
});

// Whatever runs on has the pipe to the end, which is closed by the last of them.
test.each([
  ['npm', ['start'], 'SIGTERM'],
  [process.execPath, ['scripts/start.mjs'], 'SIGKILL'],
] as const)('the server ends with %s %j by %s', async (program, args, signal) => {
  const environment = environmentOf(fresh, { PORT: String(await freePort()) });
  const child = spawn(program, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  started = child;
  let output = '';
  const ended = new Promise<void>(done => child.once('close', () => done()));
  await new Promise<void>((done, fail) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (output.includes('Opskeep listens on')) done();
      });
    void ended.then(() => fail(new Error(`It did not start:\n${output}`)));
  });
  child.kill(signal);
  await Promise.race([ended, sleep(PATIENCE_MS, undefined, { ref: false })]);
  expect(output).toContain('"stopped"');
});
