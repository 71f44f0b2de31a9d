import { Injectable, OnModuleDestroy } from '@nestjs/common';
import { RateLimitedError } from '../../core/context/errors.js';
import { MainDatabase } from '../../core/database/main-database.js';
import { Periodic } from '../../core/workers/periodic.js';
import { storedHead } from '../../core/audit/seals/tree-store.js';

/** Milliseconds between two looks, while anybody waits: entries get their places twice a second. */
const LOOK_MS = 500;
/** Of one who asks, and of all. */
const MOST = { each: 10, all: 1_000 };
const RETRY_SECONDS = 5;

interface Waiting {
  after: number;
  done: () => void;
}

/** Waits for entries that get their places: one look at the head for all who wait, and no connection is held meanwhile. */
@Injectable()
export class HeadWatch implements OnModuleDestroy {
  private readonly waiting = new Set<Waiting>();
  private readonly counts = new Map<string, number>();
  private readonly looks = new Periodic(() => this.look(), { every: LOOK_MS });

  constructor(private readonly database: MainDatabase) {}

  /** How many entries have their place by now: the `seq` of the last one. */
  async head(): Promise<number> {
    return (await storedHead(this.database.connections.reader)).size;
  }

  /**
   * Resolves when an entry behind `after` has its place, after that many milliseconds, when `gone` aborts, or when the
   * server ends.
   *
   * @throws RateLimitedError when too many wait already
   */
  async beyond(after: number, milliseconds: number, who: string, gone: AbortSignal): Promise<void> {
    const own = this.counts.get(who) ?? 0;
    if (own >= MOST.each || this.waiting.size >= MOST.all) throw new RateLimitedError(RETRY_SECONDS);
    if (this.looks.hasEnded || gone.aborted) return;
    this.counts.set(who, own + 1);
    try {
      await new Promise<void>(resolve => {
        const one: Waiting = { after, done: () => void (clearTimeout(late), end()) };
        const end = () => {
          this.waiting.delete(one);
          gone.removeEventListener('abort', one.done);
          resolve();
        };
        const late = setTimeout(end, milliseconds);
        gone.addEventListener('abort', one.done);
        this.waiting.add(one);
        this.looks.start();
      });
    } finally {
      const left = (this.counts.get(who) ?? 1) - 1;
      if (left > 0) this.counts.set(who, left);
      else this.counts.delete(who);
    }
  }

  /** A stop waits for nobody who waits here. */
  async onModuleDestroy(): Promise<void> {
    const ended = this.looks.end();
    for (const one of [...this.waiting]) one.done();
    await ended;
  }

  private async look(): Promise<void> {
    if (this.waiting.size === 0) return this.looks.pause();
    // A database that is away is told by the read that follows, when the wait is over.
    const head = await this.head().catch(() => 0);
    for (const one of [...this.waiting]) if (head > one.after) one.done();
  }
}
