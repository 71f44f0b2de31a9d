import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { TestApp } from '../app.js';
import { buildServer } from './build.js';

/** What a run of the built program left behind. */
export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
  /** stdout as JSON. */
  json<T = Record<string, unknown>>(): T;
}

/** Runs `opskeep …` as a process of its own, with nothing of the tests' environment. */
export async function runCommand(
  environment: Record<string, string>,
  args: string[],
  input = '',
): Promise<Ran> {
  const folder = await buildServer();
  const child = spawn(process.execPath, [join(folder, 'src/cli.js'), ...args], {
    cwd: environment.OPSKEEP_DATA,
    env: { PATH: process.env.PATH ?? '', ...environment },
  });
  const heard = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => (heard[name] += text));
  // A command that does not read its input may be gone before it is written.
  child.stdin.on('error', () => undefined).end(input);
  const code = await new Promise<number | null>(done => child.once('close', done));
  return { ...heard, code, json: <T>() => JSON.parse(heard.stdout) as T };
}

/** The environment that opens the installation of a running test application: a second process beside it. */
export function environmentBeside(t: TestApp): Record<string, string> {
  const { settings } = t.opened;
  return {
    NODE_ENV: 'test',
    HOME: settings.OPSKEEP_DATA,
    OPSKEEP_DATA: settings.OPSKEEP_DATA,
    DATABASE_URL: settings.DATABASE_URL.reveal(),
    KEYSTORE_DATABASE_URL: settings.KEYSTORE_DATABASE_URL.reveal(),
    API_KEY_MASTER_KEY: settings.API_KEY_MASTER_KEY?.reveal() ?? '',
  };
}
