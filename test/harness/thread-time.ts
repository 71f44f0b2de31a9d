import { readFileSync } from 'node:fs';

/**
 * The milliseconds of processor time that the main thread of this process has had so far: what the event loop has worked,
 * however busy the machine was with other things.
 */
export function mainThreadTime(): number {
  return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
}

/** The milliseconds of processor time that all threads of a process have had so far. */
export function processTime(pid: number): number {
  const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const [user, system] = fields.split(' ').slice(11, 13).map(Number);
  // A hundredth of a second each.
  return 10 * ((user ?? NaN) + (system ?? NaN));
}
