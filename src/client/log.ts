import { appendFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { redact } from '../formats/redaction/redact.js';
import { privateFolder } from './private-files.js';

const MOST_BYTES = 1_000_000;

/** The log of the hooks, `hook.log` in UTF-8: nobody sees what they print. It may fail, and then says nothing. */
export class Log {
  readonly file: string;

  constructor(private readonly state: string) {
    this.file = join(state, 'hook.log');
  }

  warn(event: string, message: string): void {
    const line = `${new Date().toISOString()} ${event}: ${redact(message).replace(/\s+/g, ' ')}\n`;
    try {
      privateFolder(this.state);
      if ((statSync(this.file, { throwIfNoEntry: false })?.size ?? 0) > MOST_BYTES)
        renameSync(this.file, `${this.file}.1`);
      appendFileSync(this.file, line, { mode: 0o600 });
    } catch {
      // There is nowhere to say so.
    }
  }
}
