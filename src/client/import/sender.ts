import { ClientError, EXIT } from '../cli/errors.js';
import { asObject } from '../private-files.js';
import { requiredConnection } from '../server/server.js';
import { BatchSize } from '../spool/batch.js';
import { deliver, type Result } from '../spool/delivery.js';
import type { MemoryEvent } from '../spool/event.js';

const MOST_WAITS = 20;
const LONGEST_WAIT_MS = 60_000;

/** Sends events in batches; or only counts them. What was sent before changes nothing: a run that was cut off is repeated. */
export class Sender {
  readonly counts = { stored: 0, repeated: 0, refused: 0 };
  /** Of events, by the name of the project that they go to. */
  readonly projects: Record<string, number> = {};
  /** Why the first one was refused. */
  reason?: string;
  private batch: { event: MemoryEvent }[] = [];
  private size = new BatchSize();

  constructor(private readonly isDry: boolean) {}

  async take(event: MemoryEvent): Promise<void> {
    const { name } = event.project;
    this.projects[name] = (this.projects[name] ?? 0) + 1;
    if (this.isDry) return;
    if (!this.size.add(event)) {
      await this.flush();
      this.size.add(event);
    }
    this.batch.push({ event });
  }

  /** @throws ClientError when the server is not there, or takes none of it */
  async flush(): Promise<void> {
    let left = this.batch;
    [this.batch, this.size] = [[], new BatchSize()];
    for (let wait = 0; left.length > 0; wait++) {
      const told = new Set<object>();
      const trouble = await deliver(left, requiredConnection(), (one, result) => {
        if (result.status !== 'failed') told.add(one);
        this.count(result);
      });
      left = left.filter(one => !told.has(one));
      if (!trouble) {
        this.counts.refused += left.length;
        if (left.length > 0) this.reason ??= 'the server did not say what became of it';
        return;
      }
      const { kind, reason, least = 0 } = trouble;
      if (kind !== 'busy' || least === 0 || wait >= MOST_WAITS)
        throw new ClientError(
          `${reason}. Run it again later: it goes on.`,
          kind === 'away' ? EXIT.away : EXIT.failed,
          kind === 'away' ? 'unreachable' : kind === 'token' ? 'authentication' : 'failed',
        );
      await new Promise(resolve => setTimeout(resolve, Math.min(least, LONGEST_WAIT_MS)));
    }
  }

  private count({ status, error }: Result): void {
    if (status === 'failed') return;
    this.counts[status]++;
    if (status === 'refused') this.reason ??= String(asObject(error)?.error);
  }
}
