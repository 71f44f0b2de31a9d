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

/** What is sent together; with `all` also what is not due yet. What is no event is put aside. */
export function nextBatch(spool: Spool, log: Log, all: boolean): Entry[] {
  const now = Date.now();
  const batch: Entry[] = [];
  let bytes = 0;
  for (const waiting of spool.waiting(now)) {
    if (batch.length === MOST_EVENTS) break;
    if (!all && waiting.due > now) continue;
    const event = spool.read(waiting);
    if (!event) {
      log.warn('upload', `${waiting.name} is broken, and was put aside`);
      spool.putAside(waiting);
      continue;
    }
    bytes += Buffer.byteLength(JSON.stringify(event)) + 1;
    if (bytes > MOST_BYTES && batch.length > 0) break;
    batch.push({ waiting, event });
  }
  return batch;
}
