import type { components } from './schema.js';
import { pause } from './waiting.js';

/** What was created, changed or deleted. */
export type Change = components['schemas']['ChangeAnswer'];
type Answer = components['schemas']['ChangesAnswer'];

export interface ChangesInit {
  /** The place behind which is read: the `after` of a feed before, or the `seq` of its last change; 0 is the beginning. */
  after?: number;
  /** Paths of resources, such as `sites`; all when absent. */
  resources?: string[];
  /** Changes in one answer, 1 to 1000; 1000 unless told. */
  limit?: number;
  /** Seconds that one request waits for a change, 1 to 30; 30 unless told. */
  wait?: number;
  /** `false`: end at what is there by now. */
  follow?: boolean;
  signal?: AbortSignal;
}

/** Seconds between two answers without anything new; a server that waits, as it is asked to, takes longer. */
const LEAST_WAIT = 1;

/** Asks for one answer of `GET /api/changes`. */
type Ask = (query: { after: number; limit: number; wait: number; resources?: string[] }) => Promise<Answer>;

/**
 * What happens, in order, for who keeps a copy. `after` is the place behind everything that the loop is done with:
 * whoever keeps it with the copy goes on there. An `OpskeepError` of 409 (`code` is `conflict`) says that the place is
 * not there any more, since a backup was restored: everything is to be read anew.
 */
export class ChangeFeed implements AsyncIterable<Change> {
  /** The place to go on at. */
  after: number;

  constructor(
    private readonly ask: Ask,
    private readonly init: ChangesInit,
  ) {
    this.after = init.after ?? 0;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Change, void, undefined> {
    const { limit = 1000, wait = 30, follow = true, resources } = this.init;
    const { signal = new AbortController().signal } = this.init;
    for (;;) {
      const [before, began] = [this.after, performance.now()];
      const { items, after, head } = await this.ask({
        after: this.after,
        limit,
        wait: follow ? Math.max(1, wait) : 0,
        ...(resources && { resources }),
      });
      for (const change of items) {
        yield change;
        this.after = change.seq;
      }
      this.after = after;
      const isNew = after > before;
      if (!follow && (after >= head || !isNew)) return;
      const seconds = isNew ? 0 : LEAST_WAIT - (performance.now() - began) / 1000;
      if (seconds > 0) await pause(seconds, signal);
    }
  }
}
