import { readFileSync } from 'node:fs';

const PASSED_ON = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;
/** What keys of the terminal send to all processes in its foreground, the child among them. */
const FROM_KEYS = ['SIGINT', 'SIGQUIT'] as const;

/**
 * Whether this process is in the foreground of a terminal, by the group of processes that the terminal gives its keys to
 * (proc(5), `tpgid`); where no such file is, whether it has a terminal at all.
 */
function isInForeground(): boolean {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return group === foreground;
  } catch {
    return [process.stdin, process.stdout, process.stderr].some(one => one.isTTY);
  }
}

/** What signals are passed on to. */
export interface Receiver {
  kill(signal: NodeJS.Signals): void;
  /** Whether it has ended, while its output is still read. */
  ended: boolean;
}

/**
 * Passes signals on to a child, and outlives them: how it ends decides. What a key has sent, the child has already, so that
 * it gets none twice. Once it has ended, a signal ends this process, too. It begins before the child does: no signal is
 * handled here while that is being started.
 *
 * @returns what stops that
 */
export function passSignals(child: Receiver): () => void {
  const handle = (signal: NodeJS.Signals, isKey: boolean) => {
    if (child.ended) process.exit(process.exitCode);
    else if (!isKey || !isInForeground()) child.kill(signal);
  };
  const handlers = [
    ...PASSED_ON.map(signal => [signal, () => handle(signal, false)] as const),
    ...FROM_KEYS.map(signal => [signal, () => handle(signal, true)] as const),
  ];
  for (const [signal, handler] of handlers) process.on(signal, handler);
  return () => handlers.forEach(([signal, handler]) => process.off(signal, handler));
}
