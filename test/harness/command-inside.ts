import { Readable } from 'node:stream';
import { Logger } from '@nestjs/common';
import { runCommandLine } from '../../src/commands/run.js';
import type { Ran } from './command.js';

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs `opskeep …` as `runCommand` does, within the process of the tests: the same program with this environment, these
 * arguments and streams, without the second that a process needs. What a process has for itself (the build, signals, a
 * kill, several at once, paths below its folder) is what `runCommand` is for, which runs at least one of each group of
 * commands. One runs after the other.
 */
export function runInside(environment: Record<string, string>, args: string[], input = ''): Promise<Ran> {
  const ran = last.then(() => runHere(environment, args, input));
  last = ran.catch(() => undefined);
  return ran;
}

async function runHere(environment: Record<string, string>, args: string[], input: string): Promise<Ran> {
  const heard = { stdout: '', stderr: '' };
  const listen = (name: 'stdout' | 'stderr') =>
    jest.spyOn(process[name], 'write').mockImplementation((text: string | Uint8Array, ...rest) => {
      heard[name] += Buffer.from(text as string).toString();
      const told = rest.at(-1);
      if (typeof told === 'function') told();
      return true;
    });
  const given = Readable.from([Buffer.from(input)]) as typeof process.stdin;
  const listeners = new Set(process.stdout.listeners('error'));
  const logger = Logger['staticInstanceRef'];
  const replaced = [
    jest.replaceProperty(process, 'env', { PATH: process.env.PATH, ...environment }),
    jest.replaceProperty(process, 'argv', [process.execPath, 'opskeep', ...args]),
  ];
  const spies = [
    jest.spyOn(process, 'stdin', 'get').mockReturnValue(given),
    jest.spyOn(process, 'cwd').mockReturnValue(environment.OPSKEEP_DATA ?? '/'),
    listen('stdout'),
    listen('stderr'),
  ];
  try {
    await runCommandLine();
    return { ...heard, code: Number(process.exitCode ?? 0), json: <T>() => JSON.parse(heard.stdout) as T };
  } finally {
    process.exitCode = undefined;
    for (const one of replaced) one.restore();
    for (const one of spies) one.mockRestore();
    for (const one of process.stdout.listeners('error'))
      if (!listeners.has(one)) process.stdout.off('error', one as () => void);
    Logger.overrideLogger(logger ?? true);
  }
}
