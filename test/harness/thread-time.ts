import { readFileSync } from 'node:fs';

/**
 * The milliseconds of processor time that the main thread of this process has had so far: what the event loop has worked,
 * however busy the machine was with other things.
 */
export function mainThreadTime(): number {
  return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
}
