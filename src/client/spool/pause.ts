import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readObject, writePrivate } from '../private-files.js';

const FIRST_MS = 10_000;
const LONGEST_MS = 10 * 60_000;

/** How long the server is left alone after it was not there: from 10 seconds, doubled each time, to 10 minutes. */
export class Pause {
  private readonly file: string;

  constructor(state: string) {
    this.file = join(state, 'pause.json');
  }

  /** Why, and until when in milliseconds since 1970; undefined when nothing speaks against trying. */
  current(now = Date.now()): { until: number; reason: string } | undefined {
    const { until, reason } = readObject(this.file) ?? {};
    const isOn = typeof until === 'number' && until > now && until <= now + LONGEST_MS;
    return isOn ? { until, reason: String(reason) } : undefined;
  }

  begin(reason: string, least = 0, now = Date.now()): void {
    const { failures } = readObject(this.file) ?? {};
    const count = typeof failures === 'number' ? failures : 0;
    const wait = Math.min(Math.max(FIRST_MS * 2 ** count, least), LONGEST_MS);
    writePrivate(this.file, JSON.stringify({ until: now + wait, failures: count + 1, reason }));
  }

  end(): void {
    rmSync(this.file, { force: true });
  }
}
