import { Injectable } from '@nestjs/common';
import { resourceOf } from '../../core/resource/resource.js';
import { isAtOrAbove } from '../../core/resource/structure/tree.js';
import { UsedService } from '../recurring/used.service.js';
import { ConversationContext } from './conversation-context.entity.js';

const NEWER = { table: 'conversation_contexts', parent: 'superseded_by' };

@Injectable()
export class ConversationContextsService extends UsedService<ConversationContext> {
  constructor() {
    super(resourceOf(ConversationContext));
  }

  /** A summary goes on with its conversation: it is not the checkpoint that said the same. */
  protected override contentOf({
    title,
    dense_summary,
    session_key,
    context_type,
  }: ConversationContext): string[] {
    if (context_type === 'checkpoint') return [title, dense_summary, session_key ?? '', context_type];
    return [title, dense_summary, ...(session_key === null ? [] : [session_key])];
  }

  protected override async check(row: ConversationContext, before?: ConversationContext): Promise<void> {
    const newer = row.superseded_by;
    if (!before || !newer || newer === before.superseded_by) return;
    if (await isAtOrAbove(this.kit.units, NEWER, row.id, newer))
      throw this.conflict('ConversationContext cannot be superseded by itself', row, 'superseded_by');
  }
}
