import { Injectable } from '@nestjs/common';
import { currentActor } from '../../core/context/request-context.js';
import { Rows } from '../../core/table/rows.js';
import { ConversationContext } from '../conversation-contexts/conversation-context.entity.js';
import { ConversationContextsService } from '../conversation-contexts/conversation-contexts.service.js';
import { contextOf, titleOf } from './event-rows.js';
import { plain } from '../text/plain.js';
import type { PreparedEvent } from './prepared-event.js';

/** What each conversation came to: one context for each, which follows it. Works inside the caller's unit. */
@Injectable()
export class SessionSummaries {
  constructor(
    private readonly rows: Rows,
    private readonly contexts: ConversationContextsService,
  ) {}

  /**
   * Adds how a conversation stopped, or its summary, to its context. What is older than the context changes nothing.
   *
   * @returns the id of the context
   */
  async add(event: PreparedEvent, project_id: string): Promise<string> {
    const body = {
      ...contextOf(event, project_id),
      context_type: 'session_summary',
      title: titleOf(event),
      dense_summary: plain(event.text),
    };
    const known = await this.rows.findOne(ConversationContext, {
      project_id,
      session_key: event.session_key,
      user_id: currentActor().id,
      context_type: 'session_summary',
      superseded_by: null,
    });
    if (!known) return (await this.contexts.create(body)).id;
    if ((known.occurred_at ?? '') > event.at) return known.id;
    return (await this.contexts.update(known.id, body)).id;
  }
}
