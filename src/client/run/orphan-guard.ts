import { spawn } from 'node:child_process';

/** Reads until its input ends, which it does when this process does, however; then the child is asked to end, and made to. */
const SCRIPT =
  'read -r _; kill -TERM "$1" || exit; for _ in 1 2 3 4 5; do sleep 1; kill -0 "$1" || exit; done; kill -KILL "$1"';

/**
 * Sees to it that a child does not outlive this process, even when that is killed: nobody would pass signals on to it, or
 * mask what it says.
 *
 * @returns what ends the watch, when the child has ended
 */
export function followToTheEnd(pid: number): () => void {
  if (process.platform === 'win32') return () => undefined;
  // In a session of its own, where no key of the terminal reaches it.
  const guard = spawn('/bin/sh', ['-c', SCRIPT, 'opskeep-run', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: '/usr/bin:/bin' },
  });
  guard.on('error', () => undefined);
  guard.stdin.on('error', () => undefined);
  guard.unref();
  return () => void guard.kill('SIGKILL');
}
