import { Inject, Injectable } from '@nestjs/common';
import { now } from '../../core/database/values.js';
import type { View } from '../../core/resource/resource.service.js';
import { RecurringService } from './recurring.service.js';
import type { RecurringRow } from './content-key.js';
import { UsageCounter } from './usage-counter.service.js';

export interface UsedRow extends RecurringRow {
  last_seen_at: string | null;
}

/** Recurring rows that tell how often they were read alone, and when they came again. */
@Injectable()
export abstract class UsedService<T extends UsedRow> extends RecurringService<T> {
  @Inject(UsageCounter) private readonly usage!: UsageCounter;

  /** Counted as a use. */
  override async get(id: string): Promise<View<T>> {
    const row = await this.find(id);
    this.usage.count(id);
    return this.viewOf(row);
  }

  override async removeAll(ids: string[]): Promise<void> {
    await super.removeAll(ids);
    await this.usage.forget(ids);
  }

  protected override again(row: T): Promise<T> {
    return this.change(row, { last_seen_at: now() } as Partial<T>, 'see');
  }

  protected override completeViews(rows: View<T>[]): Promise<View<T>[]> {
    return this.usage.shown(rows);
  }
}
