import { Injectable } from '@nestjs/common';
import { ValidationError } from '../../core/context/errors.js';
import { now } from '../../core/database/values.js';
import type { RawQuery } from '../../core/resource/lists/list-query.js';
import type { Page } from '../../core/resource/lists/page.js';
import { resourceOf } from '../../core/resource/resource.js';
import type { View } from '../../core/resource/resource.service.js';
import { RecurringService } from '../content/recurring.service.js';
import { UsageCounter } from '../usage/usage-counter.service.js';
import { ContextSnippet } from './context-snippet.entity.js';

@Injectable()
export class ContextSnippetsService extends RecurringService<ContextSnippet> {
  constructor(private readonly usage: UsageCounter) {
    super(resourceOf(ContextSnippet));
  }

  byTags(query: RawQuery): Promise<Page<View<ContextSnippet>>> {
    if (!query.tags && !query.tags_all)
      throw ValidationError.of('tags', 'must name at least one tag, such as tags=vpn,dns', 'isNotEmpty');
    return this.list(query);
  }

  topRelevant(query: RawQuery): Promise<Page<View<ContextSnippet>>> {
    return this.list({ sort: '-relevance_score', limit: '10', ...query });
  }

  /** Counted as a use. */
  override async get(id: string): Promise<View<ContextSnippet>> {
    const row = await this.find(id);
    this.usage.count(id);
    return this.viewOf(row);
  }

  override async removeAll(ids: string[]): Promise<void> {
    await super.removeAll(ids);
    await this.usage.forget(ids);
  }

  protected override contentOf({ content }: ContextSnippet): string[] {
    return [content];
  }

  protected override again(row: ContextSnippet): Promise<ContextSnippet> {
    return this.change(row, { last_seen_at: now() }, 'see');
  }

  protected override completeViews(rows: View<ContextSnippet>[]): Promise<View<ContextSnippet>[]> {
    return this.usage.shown(rows);
  }
}
