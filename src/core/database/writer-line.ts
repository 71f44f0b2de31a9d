import { currentParty } from '../context/request-context.js';
import { UnavailableError } from '../context/errors.js';
import { FairQueue } from '../workers/fair-queue.js';
import type { Load } from './sql.js';

/** The party for whose work nobody waits: it takes no long request its turn. */
export const UNHURRIED = 'sequencer';

type Waiter = () => void;

/**
 * The line before SQLite's only writer: everybody in turn who waits (`currentParty`). It is bounded in time, so that a
 * stuck writer becomes a 503 and not a hang.
 */
export class WriterLine {
  private readonly waiting = new FairQueue<Waiter>();
  private taken = false;

  /** Whether somebody waits, and has somebody waiting for it. */
  get isWanted(): boolean {
    return this.waiting.size > this.waiting.sizeOf(UNHURRIED);
  }

  /** Whether somebody writes, and how many wait. */
  load(): Load {
    return { open: 1, used: Number(this.taken), waiting: this.waiting.size };
  }

  /** Resolves, with what gives the turn to the next, when it is one's own. */
  async turn(patience: number, party = currentParty()): Promise<() => void> {
    if (this.taken)
      await new Promise<void>((resolve, reject) => {
        const called = () => {
          clearTimeout(timer);
          resolve();
        };
        const timer = setTimeout(() => {
          this.waiting.remove(party, called);
          reject(new UnavailableError('The database is busy'));
        }, patience);
        this.waiting.push(party, called);
      });
    this.taken = true;
    return () => this.next();
  }

  private next(): void {
    const called = this.waiting.shift();
    if (called) called();
    else this.taken = false;
  }
}
