import type { Connection } from '../configuration.js';
import { refusalOf } from '../refusals.js';
import { request } from '../server/request.js';
import { type Answered, UnreachableError } from '../server/request-types.js';
import { asObject } from '../private-files.js';
import type { MemoryEvent } from './event.js';
import type { Trouble } from './pause.js';

/** What the server said of one event; `failed` when it failed itself. */
export type Result = Record<string, unknown> & { status: 'stored' | 'repeated' | 'refused' | 'failed' };

const PATIENCE_MS = 30_000;
const KNOWN: readonly unknown[] = ['stored', 'repeated', 'refused'];

/**
 * Brings a batch to the server, and tells what became of each; of those behind a trouble nothing is told. Where all of
 * them together are refused, each goes alone.
 */
export async function deliver<T extends { event: MemoryEvent }>(
  batch: T[],
  connection: Required<Connection>,
  took: (one: T, result: Result) => void,
): Promise<Trouble | undefined> {
  let answer: Answered;
  try {
    answer = await post(batch, connection);
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    return { kind: 'away', reason: error.message };
  }
  const { status, body, retryAfter = 0 } = answer;
  if (status === 200 && Array.isArray(body?.results)) {
    const results: unknown[] = body.results;
    batch.forEach((one, n) => took(one, resultOf(results[n])));
    return undefined;
  }
  const { kind, reason } = refusalOf(status, 'write into the memory');
  const isBad = status === 400 || status === 413 || status === 422;
  // Too much at once for a server that is busy goes in halves.
  if ((isBad || status === 503) && batch.length > 1) {
    const size = isBad ? 1 : Math.ceil(batch.length / 2);
    for (let at = 0; at < batch.length; at += size) {
      const trouble = await deliver(batch.slice(at, at + size), connection, took);
      if (trouble) return trouble;
    }
    return undefined;
  }
  if (isBad) {
    for (const one of batch) took(one, { status: 'refused', error: { error: reason, code: String(status) } });
    return undefined;
  }
  if (status === 500) for (const one of batch) took(one, { status: 'failed' });
  return { kind, reason, least: retryAfter * 1000 };
}

function post(batch: { event: MemoryEvent }[], { url, token }: Required<Connection>): Promise<Answered> {
  const body = { events: batch.map(one => one.event) };
  return request({ method: 'POST', url: `${url}/api/memory/events`, token, body, patience: PATIENCE_MS });
}

function resultOf(value: unknown): Result {
  const result = asObject(value) ?? {};
  return KNOWN.includes(result.status) ? (result as Result) : { ...result, status: 'failed' };
}
