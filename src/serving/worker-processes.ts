import type { Worker } from 'node:cluster';
import type { Logger } from '../core/context/logger.js';

const SHORTEST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** A worker that has served as long did not end for how it was started. */
const PROVED_MS = 60_000;
/** So many in a row that came up no more: whatever keeps them from it is told, and whoever started all decides. */
const MOST_FAILURES = 5;

/**
 * Workers of one server. One that ends is started again, after a pause that doubles as long as they end soon. Where one
 * does not come up before all of them have served once, or again and again, everything ends with its exit code.
 */
export class WorkerProcesses {
  private readonly living = new Set<Worker>();
  private readonly pauses = new Set<NodeJS.Timeout>();
  private hasStarted = false;
  private isStopping = false;
  private isClean = true;
  private failures = 0;
  private pause = SHORTEST_PAUSE_MS;
  private allGone: () => void = () => undefined;

  /** @param givenUp hears the exit code of a worker that did not start; it calls `stop` */
  constructor(
    private readonly fork: () => Worker,
    private readonly logger: Logger,
    private readonly givenUp: (code: number) => void,
  ) {}

  /** The first alone, the others when it listens; false where one of them did not come up, and all are stopped. */
  async start(count: number): Promise<boolean> {
    const first = await this.begin();
    const others = first ? await Promise.all(Array.from({ length: count - 1 }, () => this.begin())) : [];
    this.hasStarted = first && others.every(one => one);
    return this.hasStarted;
  }

  /** Has all of them stop, and starts none again; resolves when they are gone with whether each has ended well. */
  async stop(): Promise<boolean> {
    this.isStopping = true;
    for (const pause of this.pauses) clearTimeout(pause);
    if (this.living.size > 0) {
      const gone = new Promise<void>(resolve => (this.allGone = resolve));
      for (const worker of this.living) worker.process.kill('SIGTERM');
      await gone;
    }
    return this.isClean;
  }

  /** Waits for nothing. */
  kill(): void {
    for (const worker of this.living) worker.process.kill('SIGKILL');
  }

  /** Resolves with whether it listens; false when it has ended before. */
  private begin(): Promise<boolean> {
    if (this.isStopping) return Promise.resolve(false);
    const worker = this.fork();
    this.living.add(worker);
    let since: number | undefined;
    return new Promise(resolve => {
      worker.once('listening', () => {
        since = performance.now();
        this.failures = 0;
        resolve(true);
      });
      // A message that did not arrive; its end is told by itself.
      worker.on('error', error =>
        this.logger.warn({ pid: worker.process.pid, err: error }, 'a worker is not reached'),
      );
      worker.once('exit', (code: number | null, signal: string | null) => {
        this.ended(worker, code, signal, since);
        resolve(false);
      });
    });
  }

  private ended(worker: Worker, code: number | null, signal: string | null, since?: number): void {
    this.living.delete(worker);
    if (this.isStopping) {
      // Of the signal: it had not begun to listen for it.
      if (code !== 0 && signal !== 'SIGTERM') this.isClean = false;
      if (this.living.size === 0) this.allGone();
      return;
    }
    this.logger.warn({ pid: worker.process.pid, code, signal }, 'a worker has ended');
    if (since === undefined) this.failures += 1;
    const isVain = !this.hasStarted && since === undefined;
    if (isVain || this.failures >= MOST_FAILURES) return this.givenUp(code || 1);
    this.again(since);
  }

  private again(since: number | undefined): void {
    if (since !== undefined && performance.now() - since > PROVED_MS) this.pause = SHORTEST_PAUSE_MS;
    const pause = setTimeout(() => {
      this.pauses.delete(pause);
      void this.begin();
    }, this.pause);
    this.pauses.add(pause);
    this.pause = Math.min(2 * this.pause, LONGEST_PAUSE_MS);
  }
}
