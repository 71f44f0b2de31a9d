import { Injectable } from '@nestjs/common';
import { now } from '../../core/database/values.js';
import type { View } from '../../core/resource/resource.service.js';
import { resourceOf } from '../../core/resource/resource.js';
import { isAtOrAbove } from '../../core/resource/structure/tree.js';
import { RecurringService } from '../content/recurring.service.js';
import { UsageCounter } from '../usage/usage-counter.service.js';
import { ConversationContext } from './conversation-context.entity.js';

const NEWER = { table: 'conversation_contexts', parent: 'superseded_by' };

@Injectable()
export class ConversationContextsService extends RecurringService<ConversationContext> {
  constructor(private readonly usage: UsageCounter) {
    super(resourceOf(ConversationContext));
  }

  /** Counted as a use. */
  override async get(id: string): Promise<View<ConversationContext>> {
    const row = await this.find(id);
    this.usage.count(id);
    return this.viewOf(row);
  }

  override async removeAll(ids: string[]): Promise<void> {
    await super.removeAll(ids);
    await this.usage.forget(ids);
  }

  protected override contentOf({ title, dense_summary }: ConversationContext): string[] {
    return [title, dense_summary];
  }

  protected override again(row: ConversationContext): Promise<ConversationContext> {
    return this.change(row, { last_seen_at: now() }, 'see');
  }

  protected override async check(row: ConversationContext, before?: ConversationContext): Promise<void> {
    const newer = row.superseded_by;
    if (!before || !newer || newer === before.superseded_by) return;
    if (await isAtOrAbove(this.kit.units, NEWER, row.id, newer))
      throw this.conflict('ConversationContext cannot be superseded by itself', row, 'superseded_by');
  }

  protected override completeViews(rows: View<ConversationContext>[]): Promise<View<ConversationContext>[]> {
    return this.usage.shown(rows);
  }
}
