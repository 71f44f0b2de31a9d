import { execFile, type ExecFileException } from 'node:child_process';
import { promisify } from 'node:util';
import { programEnvironment } from '../../config/program-environment.js';
import { DelayedTask } from '../../workers/delayed-task.js';

const PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 30 * 60_000;
const LIMIT_MS = 10_000;
const run = promisify(execFile);

/** It did not take the checkpoint; what it printed is not told. */
export class HeadCommandError extends Error {}

/**
 * Hands the newest checkpoint to a program (AUDIT_HEAD_COMMAND), which keeps it where nobody of this machine can change
 * it: on its standard input, a minute after the first seal at the latest, and at a stop. It is run without a shell.
 */
export class HeadCommand {
  private readonly task: DelayedTask;
  private note = '';

  constructor(
    private readonly command: readonly string[],
    failed: (error: unknown) => void,
  ) {
    const pauses = { pause: PAUSE_MS, longestPause: LONGEST_PAUSE_MS, failed };
    this.task = new DelayedTask(() => this.hand(), pauses);
  }

  /** There is a newer one. */
  take(note: string): void {
    this.note = note;
    this.task.soon();
  }

  /** Hands over what was taken last, unless it has been. */
  end(): Promise<void> {
    return this.task.end();
  }

  private async hand(): Promise<void> {
    const [program = '', ...args] = this.command;
    const running = run(program, args, {
      env: programEnvironment(),
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
    });
    // A program that does not read may be gone before it is written.
    running.child.stdin?.on('error', () => undefined).end(this.note);
    await running.catch(({ code, signal }: ExecFileException) => {
      const how = signal ? `was ended by ${signal}` : `has failed (${code})`;
      throw new HeadCommandError(`AUDIT_HEAD_COMMAND: ${program} ${how}`);
    });
  }
}
