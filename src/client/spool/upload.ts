import { join } from 'node:path';
import type { Connection } from '../configuration.js';
import { cut } from '../cut.js';
import type { Log } from '../log.js';
import { asObject } from '../private-files.js';
import { serverFolder } from '../server-folder.js';
import { type Entry, nextBatch } from './batch.js';
import { deliver, type Result } from './delivery.js';
import { locked, touch } from './lock.js';
import { Pause, type Trouble } from './pause.js';
import { Spool } from './spool.js';

/** What became of what waited. */
export interface Uploaded {
  stored: number;
  repeated: number;
  /** Put aside: the server refused them, or failed too often. */
  refused: number;
  /** Why it ended before everything was gone; undefined when it did not. */
  stopped?: Trouble;
  /** The answers to the events, by their keys. */
  results: Map<string, Result>;
}

export interface UploadOptions {
  /** Does not wait for what is not due yet, nor for a server that was not there. */
  now?: boolean;
}

/**
 * Brings what waits for a server to it, the oldest first, until nothing is due; what waits for others stays. A server that is not there, or does not know
 * the token, costs an event none of its tries: everything waits. Undefined when another process is at it.
 */
export async function upload(
  { url, token, fault }: Connection & { fault?: string },
  state: string,
  log: Log,
  { now = false }: UploadOptions = {},
): Promise<Uploaded | undefined> {
  const told: Uploaded = { stored: 0, repeated: 0, refused: 0, results: new Map() };
  if (!url || !token)
    return { ...told, stopped: { kind: 'away', reason: fault ?? 'no server or no token is configured' } };
  const connection = { url, token };
  const own = serverFolder(url, state);
  const spool = new Spool(own);
  const pause = Pause.ofUploads(own, connection);
  const held = pause.current();
  if (held && !now) return { ...told, stopped: held };
  if (spool.waiting().length === 0) return told;
  const lock = join(own, 'upload.lock');
  const work = async () => {
    for (;;) {
      touch(lock);
      const batch = nextBatch(spool, log, now);
      if (batch.length === 0) return told;
      const stopped = await deliver(batch, connection, (one, result) => {
        // Whatever comes next: the server is there, and takes events.
        if (result.status !== 'failed') succeeded();
        settle(one, result, spool, told, log);
      });
      if (stopped) {
        pause.begin(stopped);
        log.warn('upload', `${stopped.reason}; ${spool.waiting().length} events wait`);
        return { ...told, stopped };
      }
    }
  };
  const succeeded = () => {
    pause.end();
    Pause.ofRecall(own, connection).end();
  };
  // What came when this process was about to go: nobody else was started for it.
  for (;;) {
    const result = await locked(lock, work);
    if (!result || result.stopped || spool.waiting().every(one => one.due > Date.now())) return result;
  }
}

/** What a server says in words. */
const plain = (value: unknown) => (typeof value === 'string' ? cut(value, 500) : 'unknown');

function settle({ waiting, event }: Entry, result: Result, spool: Spool, told: Uploaded, log: Log): void {
  const { status } = result;
  told.results.set(event.key, result);
  if (status === 'failed') {
    told.refused += Number(spool.again(waiting));
  } else if (status === 'refused') {
    const { error, code } = asObject(result.error) ?? {};
    log.warn('upload', `${event.key} was refused (${plain(code)}: ${plain(error)}), and was put aside`);
    spool.putAside(waiting);
    told.refused++;
  } else {
    told[status]++;
    spool.done(waiting);
  }
}
