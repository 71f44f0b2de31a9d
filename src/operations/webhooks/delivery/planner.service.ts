import { Injectable } from '@nestjs/common';
import { runAs } from '../../../core/context/request-context.js';
import { ChangesService } from '../../changes/changes.service.js';
import { isWanted, scopeOf } from '../event-patterns.js';
import type { Webhook } from '../webhook.entity.js';
import { eventOf } from './notification.js';
import { Outbox } from './outbox.service.js';
import { Owners } from './owners.service.js';

const PAGE = 500;
/** More than so many wait in the journal, and not among the deliveries. */
const MOST_WAITING = 1_000;
/** Entries that tell a webhook nothing are passed in memory alone, up to so many. */
const UNSAID = 1_000;

/** Turns entries of the journal into deliveries, in their order: which events a webhook wants and its user may see. */
@Injectable()
export class Planner {
  /** Up to where the entries of a webhook are known to tell it nothing. */
  private readonly passed = new Map<string, number>();

  constructor(
    private readonly changes: ChangesService,
    private readonly outbox: Outbox,
    private readonly owners: Owners,
  ) {}

  /** Whether there are entries that it was not told of, if they tell it anything. */
  isBehind(webhook: Webhook, head: number): boolean {
    return this.placeOf(webhook) < head;
  }

  async plan(webhook: Webhook, head: number): Promise<void> {
    const { id, user_id, events, cursor_seq } = webhook;
    let [after, stored] = [this.placeOf(webhook), cursor_seq];
    while (after < head && (await this.outbox.pending(id, MOST_WAITING)) < MOST_WAITING) {
      // The rights may end while many entries are read.
      const owner = await this.owners.actorOf(user_id);
      if (!owner) return;
      const page = await runAs(owner, () => this.changes.pageOf({ after, limit: PAGE }, scopeOf(events)));
      const wanted = page.items.filter(one => isWanted(events, eventOf(one)));
      after = page.after;
      if (wanted.length > 0 || after - stored >= UNSAID) {
        if (!(await this.outbox.take(id, stored, after, wanted))) return;
        stored = after;
      }
      this.passed.set(id, after);
    }
  }

  private placeOf({ id, cursor_seq }: Webhook): number {
    return Math.max(cursor_seq, this.passed.get(id) ?? 0);
  }

  /** Of webhooks that are gone, or off, nothing is remembered. */
  forgetAllBut(ids: ReadonlySet<string>): void {
    for (const id of this.passed.keys()) if (!ids.has(id)) this.passed.delete(id);
  }
}
