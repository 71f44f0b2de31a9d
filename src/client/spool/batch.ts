import { MOST_EVENTS } from '../../formats/memory-event.js';
import type { Log } from '../log.js';
import type { MemoryEvent } from './event.js';
import type { Spool, Waiting } from './spool.js';

/** An event that waits, and where. */
export interface Entry {
  waiting: Waiting;
  event: MemoryEvent;
}

/** The server takes no body above 1 MiB. */
const MOST_BYTES = 900_000;

/** What fits into one request. */
export class BatchSize {
  private count = 0;
  private bytes = 0;

  /** Counts an event, unless it does not fit any more; one alone always does. */
  add(event: MemoryEvent): boolean {
    const bytes = this.bytes + Buffer.byteLength(JSON.stringify(event)) + 1;
    if (this.count === MOST_EVENTS || (bytes > MOST_BYTES && this.count > 0)) return false;
    this.count++;
    this.bytes = bytes;
    return true;
  }
}

/** What is sent together; with `all` also what is not due yet. What is no event is put aside. */
export function nextBatch(spool: Spool, log: Log, all: boolean): Entry[] {
  const now = Date.now();
  const batch: Entry[] = [];
  const size = new BatchSize();
  for (const waiting of spool.waiting(now)) {
    if (!all && waiting.due > now) continue;
    const event = spool.read(waiting);
    if (!event) {
      log.warn('upload', `${waiting.name} is broken, and was put aside`);
      spool.putAside(waiting);
      continue;
    }
    if (!size.add(event)) break;
    batch.push({ waiting, event });
  }
  return batch;
}
