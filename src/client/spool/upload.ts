import { join } from 'node:path';
import type { Connection } from '../configuration.js';
import { cut } from '../cut.js';
import type { Log } from '../log.js';
import { asObject } from '../private-files.js';
import { request } from '../server/request.js';
import { type Answered, UnreachableError } from '../server/request-types.js';
import { type Entry, nextBatch } from './batch.js';
import { locked, touch } from './lock.js';
import { Pause } from './pause.js';
import { Spool } from './spool.js';

/** What became of what waited. */
export interface Uploaded {
  stored: number;
  repeated: number;
  /** Put aside: the server refused them, or failed too often. */
  refused: number;
  /** Why it ended before everything was gone; undefined when it did not. */
  stopped?: string;
  /** The answers to the events, by their keys. */
  results: Map<string, Record<string, unknown>>;
}

const PATIENCE_MS = 30_000;

export interface UploadOptions {
  /** Does not wait for what is not due yet, nor for a server that was not there. */
  now?: boolean;
}

/**
 * Brings what waits to the server, the oldest first, until nothing is due. A server that is not there, or does not know
 * the token, costs an event none of its tries: everything waits. Undefined when another process is at it.
 */
export async function upload(
  { url, token, fault }: Connection & { fault?: string },
  state: string,
  log: Log,
  { now = false }: UploadOptions = {},
): Promise<Uploaded | undefined> {
  const spool = new Spool(state);
  const pause = new Pause(state);
  const told: Uploaded = { stored: 0, repeated: 0, refused: 0, results: new Map() };
  if (!url || !token) return { ...told, stopped: fault ?? 'no server or no token is configured' };
  const held = pause.current();
  if (held && !now) return { ...told, stopped: held.reason };
  if (spool.waiting().length === 0) return told;
  const lock = join(state, 'upload.lock');
  const work = async () => {
    for (;;) {
      touch(lock);
      const batch = nextBatch(spool, log, now);
      if (batch.length === 0) break;
      const stopped = await send(batch, { url, token }, spool, told, log);
      if (stopped) {
        pause.begin(stopped.reason, stopped.least);
        log.warn('upload', `${stopped.reason}; ${spool.waiting().length} events wait`);
        return { ...told, stopped: stopped.reason };
      }
    }
    pause.end();
    return told;
  };
  // What came when this process was about to go: nobody else was started for it.
  for (;;) {
    const result = await locked(lock, work);
    if (!result || result.stopped || spool.waiting().every(one => one.due > Date.now())) return result;
  }
}

interface Stopped {
  reason: string;
  /** Milliseconds that the server asked for. */
  least?: number;
}

async function send(
  batch: Entry[],
  { url, token }: Required<Connection>,
  spool: Spool,
  told: Uploaded,
  log: Log,
): Promise<Stopped | undefined> {
  let answer: Answered;
  try {
    const body = { events: batch.map(one => one.event) };
    answer = await request({
      method: 'POST',
      url: `${url}/api/memory/events`,
      token,
      body,
      patience: PATIENCE_MS,
    });
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    return { reason: `the server is not reachable (${error.reason})` };
  }
  const { status, body, retryAfter = 0 } = answer;
  if (status === 200 && Array.isArray(body?.results)) {
    settle(batch, body.results as unknown[], spool, told, log);
    return undefined;
  }
  const reason = `the server answered with ${status}`;
  // Of all of them together: one may be the cause, so each goes alone.
  const isBad = status === 400 || status === 413 || status === 422;
  if (isBad && batch.length > 1) {
    for (const one of batch) {
      const stopped = await send([one], { url, token }, spool, told, log);
      if (stopped) return stopped;
    }
    return undefined;
  }
  // Too much at once for a server that is busy: what is left of it goes in halves.
  if (status === 503 && batch.length > 1) {
    const middle = Math.ceil(batch.length / 2);
    const stopped = await send(batch.slice(0, middle), { url, token }, spool, told, log);
    return stopped ?? send(batch.slice(middle), { url, token }, spool, told, log);
  }
  if (isBad) return void refuse(batch[0], reason, spool, told, log);
  if (status === 500) for (const { waiting } of batch) told.refused += Number(spool.again(waiting));
  return { reason, least: retryAfter * 1000 };
}

/** What a server says in words. */
const plain = (value: unknown) => (typeof value === 'string' ? cut(value, 500) : 'unknown');

function settle(batch: Entry[], results: unknown[], spool: Spool, told: Uploaded, log: Log): void {
  batch.forEach((one, index) => {
    const result = asObject(results[index]) ?? {};
    told.results.set(one.event.key, result);
    if (result.status === 'stored' || result.status === 'repeated') {
      told[result.status]++;
      spool.done(one.waiting);
    } else if (result.status === 'refused') {
      const { error, code } = asObject(result.error) ?? {};
      refuse(one, `${plain(code)}: ${plain(error)}`, spool, told, log);
    } else {
      told.refused += Number(spool.again(one.waiting));
    }
  });
}

function refuse(one: Entry | undefined, reason: string, spool: Spool, told: Uploaded, log: Log): void {
  if (!one) return;
  log.warn('upload', `${one.event.key} was refused (${reason}), and was put aside`);
  spool.putAside(one.waiting);
  told.refused++;
}
