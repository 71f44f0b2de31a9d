import { ClientError, EXIT } from '../cli/errors.js';
import { MOST_EVENTS } from '../../formats/memory-event.js';
import { asObject } from '../private-files.js';
import { request } from '../server/request.js';
import { UnreachableError } from '../server/request-types.js';
import { requiredConnection } from '../server/server.js';
import type { MemoryEvent } from '../spool/event.js';

const MOST_BYTES = 900_000;
const PATIENCE_MS = 60_000;
const MOST_WAITS = 20;

/** Sends events in batches; or only counts them. What was sent before changes nothing: a run that was cut off is repeated. */
export class Sender {
  readonly counts = { stored: 0, repeated: 0, refused: 0 };
  /** Why the first one was refused. */
  reason?: string;
  private batch: MemoryEvent[] = [];
  private bytes = 0;

  constructor(private readonly isDry: boolean) {}

  async take(event: MemoryEvent): Promise<void> {
    if (this.isDry) return;
    const bytes = Buffer.byteLength(JSON.stringify(event)) + 1;
    if (this.batch.length === MOST_EVENTS || this.bytes + bytes > MOST_BYTES) await this.flush();
    this.batch.push(event);
    this.bytes += bytes;
  }

  /** @throws ClientError when the server is not there, or takes none of it */
  async flush(): Promise<void> {
    const events = this.batch;
    if (events.length === 0) return;
    [this.batch, this.bytes] = [[], 0];
    for (let wait = 0; ; wait++) {
      const { status, body, retryAfter = 1 } = await this.post(events);
      if (status === 429 && wait < MOST_WAITS) {
        await new Promise(resolve => setTimeout(resolve, Math.min(retryAfter, 60) * 1000));
        continue;
      }
      if (status !== 200 || !Array.isArray(body?.results))
        throw new ClientError(`The server answered with ${status}. Run it again later: it goes on.`);
      for (const one of body.results as unknown[]) this.count(asObject(one) ?? {});
      return;
    }
  }

  private async post(events: MemoryEvent[]) {
    const { url, token } = requiredConnection();
    try {
      return await request({
        method: 'POST',
        url: `${url}/api/memory/events`,
        token,
        body: { events },
        patience: PATIENCE_MS,
      });
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      throw new ClientError(
        `${url} is not reachable (${error.reason}). Run it again later: it goes on.`,
        EXIT.away,
        'unreachable',
      );
    }
  }

  private count({ status, error }: Record<string, unknown>): void {
    if (status === 'stored' || status === 'repeated') this.counts[status]++;
    else {
      this.counts.refused++;
      this.reason ??= String(asObject(error)?.error);
    }
  }
}
