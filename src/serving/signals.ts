/** Later than this after the first, a signal is no part of the same stop any more, in milliseconds. */
const SAME_STOP_MS = 2_000;

/**
 * One stop may come as several signals: from the terminal to the whole group, and from npm or systemd once more. A later
 * one is of somebody who does not want to wait. Where another process of ours has started this one, it stops when that
 * is gone, too, even by a signal that it could not pass on.
 */
export function onStop(stop: (reason: string) => void, atOnce: () => void): void {
  let since: number | undefined;
  const stopFor = (reason: string) => {
    if (since === undefined) {
      since = performance.now();
      stop(reason);
    } else if (performance.now() - since > SAME_STOP_MS) atOnce();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopFor(signal));
  if (!process.send) return;
  process.once('disconnect', () => stopFor('end of the parent'));
  if (!process.connected) stopFor('end of the parent');
}
