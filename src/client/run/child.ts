import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { ClientError } from '../cli/errors.js';
import { followToTheEnd } from './orphan-guard.js';
import type { Automaton } from './masking/automaton.js';
import { finderOf, Masking } from './masking/masking.js';
import { passSignals, type Receiver } from './signals.js';

/** What shells end with when they cannot start a program (POSIX, "Exit Status for Commands"). */
const NOT_STARTED = { missing: 127, failed: 126 };
const BY_SIGNAL = 128;

const codeOf = (code: number | null, signal: NodeJS.Signals | null) =>
  code ?? BY_SIGNAL + (signal === null ? 0 : constants.signals[signal]);

function notStarted(program: string, { code = 'error' }: NodeJS.ErrnoException): ClientError {
  if (code === 'ENOENT')
    return new ClientError(`There is no program ${program}`, NOT_STARTED.missing, 'no_program');
  const why = code === 'E2BIG' ? 'its arguments and variables are too long' : code;
  return new ClientError(`${program} cannot be started (${why})`, NOT_STARTED.failed, 'not_started');
}

/** Some faults Node.js throws, others it tells later. */
function started(program: string, args: string[], options: SpawnOptions): ChildProcess {
  try {
    return spawn(program, args, options);
  } catch (error) {
    throw notStarted(program, error as NodeJS.ErrnoException);
  }
}

/** Passes output on; when nobody reads ours any more, nobody reads that of the child. */
function pass(from: Readable, through: Masking, to: NodeJS.WriteStream, unread: () => void): void {
  to.on('error', () => {
    unread();
    from.destroy();
  });
  from.on('error', () => undefined);
  from.pipe(through).pipe(to, { end: false });
}

/**
 * Runs a program in our place: with our input, on our terminal. Its output passes through the masking where it is no
 * terminal.
 *
 * @returns its exit code, or 128 and the number of the signal that ended it, once its output is at its end
 * @throws ClientError 127 when there is no such program, 126 when it cannot be started
 */
export async function runChild(
  [program = '', ...args]: string[],
  variables: Record<string, string>,
  secrets: string[],
): Promise<number> {
  const finder = finderOf(secrets);
  const isShown = (stream: NodeJS.WriteStream) => stream.isTTY || secrets.length === 0;
  const way = (stream: NodeJS.WriteStream) => (isShown(stream) ? ('inherit' as const) : ('pipe' as const));
  let child: ChildProcess | undefined;
  const receiver: Receiver = { kill: signal => void child?.kill(signal), ended: false };
  const stopPassing = passSignals(receiver);
  let unfollow = () => {};
  try {
    child = started(program, args, {
      env: variables,
      stdio: ['inherit', way(process.stdout), way(process.stderr)],
    });
    if (child.pid !== undefined) unfollow = followToTheEnd(child.pid);
    return await endOf(child, program, finder, receiver);
  } finally {
    unfollow();
    stopPassing();
  }
}

/** Passes its output through the masking until both have ended; its exit code. */
function endOf(child: ChildProcess, program: string, finder: Automaton, receiver: Receiver): Promise<number> {
  // Node.js gives it a socket, which would tell it by an error of another kind than a pipe.
  const unread = () => void child.kill('SIGPIPE');
  if (child.stdout) pass(child.stdout, new Masking(finder), process.stdout, unread);
  if (child.stderr) pass(child.stderr, new Masking(finder), process.stderr, unread);
  return new Promise<number>((resolve, reject) => {
    child.once('error', error => reject(notStarted(program, error)));
    child.once('exit', (code, signal) => {
      receiver.ended = true;
      process.exitCode = codeOf(code, signal);
    });
    child.once('close', (code, signal) => resolve(codeOf(code, signal)));
  });
}
