import { Injectable } from '@nestjs/common';
import { ValidationError } from '../../core/context/errors.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import type { Page } from '../../core/resource/lists/page.js';
import { resourceOf } from '../../core/resource/resource.js';
import type { View } from '../../core/resource/resource.service.js';
import { UsedService } from '../recurring/used.service.js';
import { ContextSnippet } from './context-snippet.entity.js';

@Injectable()
export class ContextSnippetsService extends UsedService<ContextSnippet> {
  constructor() {
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

  protected override contentOf({ content }: ContextSnippet): string[] {
    return [content];
  }
}
