import { type ChildProcess, spawn } from 'node:child_process';
import { programEnvironment } from './program-environment.js';

interface Bounds {
  /** Milliseconds after which it is killed. */
  limit: number;
  /** Bytes that it may print. */
  most: number;
  /** Goes to its standard input; nothing is there to be read when absent. */
  input?: string;
}

/** Milliseconds for what is still in the pipe, where something in the background keeps it open after the program. */
const GRACE_MS = 200;

/** How a program has failed, after its name: `has failed with exit code 3`. Nothing that it printed is told. */
export class ProgramFault extends Error {
  override readonly name = 'ProgramFault';
}

/**
 * Runs a program that the operator has named, without a shell and without the secrets of the server; what it writes to
 * stderr is thrown away, because it may hold secrets as well.
 *
 * @returns what it printed, which the caller wipes
 * @throws ProgramFault
 */
export function runProgram([program = '', ...args]: readonly string[], bounds: Bounds): Promise<Buffer> {
  const { limit, most, input } = bounds;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: programEnvironment(),
      windowsHide: true,
      // A group of its own, so that what it has started ends with it.
      detached: process.platform !== 'win32',
    });
    const parts: Buffer[] = [];
    let size = 0;
    const end = (fault?: string) => {
      clearTimeout(late);
      clearTimeout(grace);
      child.stdout.destroy();
      if (fault !== undefined) killGroup(child);
      if (fault === undefined) resolve(Buffer.concat(parts));
      else reject(new ProgramFault(`${program} ${fault}`));
      for (const part of parts) part.fill(0);
    };
    let grace: NodeJS.Timeout | undefined;
    const late = setTimeout(() => end(`did not end within ${limit / 1000} seconds`), limit);
    // A program that does not read may be gone before it is written.
    child.stdin.on('error', () => undefined).end(input);
    child.stdout.on('data', (part: Buffer) => {
      parts.push(part);
      size += part.length;
      if (size > most) end(`printed more than ${most} bytes`);
    });
    child.once('error', (error: NodeJS.ErrnoException) =>
      end(`cannot be started (${error.code ?? 'error'})`),
    );
    child.once('exit', code => {
      if (code === 0) grace = setTimeout(end, GRACE_MS);
    });
    child.once('close', (code, signal) => {
      if (code === 0) end();
      else end(code === null ? `was ended by ${signal}` : `has failed with exit code ${code}`);
    });
  });
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch {
    // Everything of it has ended.
  }
}
