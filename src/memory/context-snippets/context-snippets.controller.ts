import { Get, Query } from '@nestjs/common';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ApiController } from '../../core/http/api-controller.js';
import { DescribeListAs } from '../../core/resource/describe/describe-list.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { resourceOf } from '../../core/resource/resource.js';
import { ContextSnippet } from './context-snippet.entity.js';
import { ContextSnippetsService } from './context-snippets.service.js';

const SPEC = resourceOf(ContextSnippet);

@ApiController('context-snippets')
export class ContextSnippetsController extends ResourceController(ContextSnippet) {
  constructor(readonly service: ContextSnippetsService) {
    super();
  }

  @Get('by-tags')
  @RequireScope('msp:read')
  @DescribeListAs(SPEC, 'listContextSnippetsByTags', 'Lists context snippets by tags: `tags` or `tags_all`')
  byTags(@Query() query: RawQuery) {
    return this.service.byTags(query);
  }

  @Get('top-relevant')
  @RequireScope('msp:read')
  @DescribeListAs(
    SPEC,
    'listTopRelevantContextSnippets',
    'Lists the ten context snippets of the highest relevance',
  )
  topRelevant(@Query() query: RawQuery) {
    return this.service.topRelevant(query);
  }
}
