import { ProgramFault, runProgram } from '../../config/run-program.js';
import { DelayedTask } from '../../workers/delayed-task.js';

const PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 30 * 60_000;
const LIMIT_MS = 10_000;
/** Bytes that it may print; nobody reads them. */
const MOST_BYTES = 65_536;

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
    const bounds = { limit: LIMIT_MS, most: MOST_BYTES, input: this.note };
    await runProgram(this.command, bounds).catch((error: unknown) => {
      if (!(error instanceof ProgramFault)) throw error;
      throw new HeadCommandError(`AUDIT_HEAD_COMMAND: ${error.message}`);
    });
  }
}
