import { User } from '../../core/access/user.entity.js';
import { Choice, Derived, ListOf, LongText, MapOf, MayBelongTo, Moment, Text, Whole } from '../../core/table/field-decorators.js'; // prettier-ignore
import { EVENT_SOURCES } from '../../formats/memory-event.js';
import { Resource, ResourceEntity } from '../../core/resource/resource.js';
import { Client } from '../../directory/clients/client.entity.js';
import { Machine } from '../../directory/machines/machine.entity.js';
import { Project } from '../../work/projects/project.entity.js';
import { Session } from '../../work/sessions/session.entity.js';
import type { RecurringRow } from '../recurring/content-key.js';
import { Score } from '../score-field.js';

/** What a conversation came to, in few words. */
@Resource({
  name: 'conversation_context',
  path: 'conversation-contexts',
  about: 'What conversations came to: summaries, states, decisions, checkpoints.',
  client: 'self',
  inheritsClient: true,
  owner: 'user_id',
  redacts: true,
  taggable: true,
  derived: true,
  writing:
    'The same title and summary of the same conversation again in the same project (without one: of the same client, ' +
    'else of the same user) are that row, with a new `last_seen_at`; checkpoints are apart from other contexts.',
})
export class ConversationContext extends ResourceEntity implements RecurringRow {
  @MayBelongTo(() => Client) client_id!: string | null;
  @MayBelongTo(() => Project, { listBy: true }) project_id!: string | null;
  @MayBelongTo(() => Session, { listBy: true }) session_id!: string | null;
  @MayBelongTo(() => Machine) machine_id!: string | null;
  @MayBelongTo(() => User, { readOnly: true, description: 'Who wrote it' }) user_id!: string | null;
  @Choice(['session_summary', 'project_state', 'checkpoint', 'technical_decision', 'general_context'], {
    required: true,
  })
  context_type!: string;
  @Text({ max: 500, search: true }) title!: string;
  @LongText({ search: true }) dense_summary!: string;
  @ListOf('text', { optional: true }) key_decisions!: string[] | null;
  @MapOf('any', { optional: true }) current_state!: Record<string, unknown> | null;
  @Score({ default: '5.00' }) relevance_score!: string;
  @Whole({ min: 1, max: 10, default: 5, description: '10 is the most important' }) importance!: number;
  @MapOf('any', {
    optional: true,
    description: 'Such as git_commit, git_branch, files_changed, and of more files than these files_summary',
  })
  metadata!: Record<string, unknown> | null;
  @Choice(EVENT_SOURCES) source!: string;
  @Text({
    optional: true,
    index: true,
    description: 'Of the conversation that it sums up, as its host names it',
  })
  session_key!: string | null;
  @Moment({ optional: true, description: 'When it was so, where that is not when it was written' })
  occurred_at!: string | null;
  @MayBelongTo(() => ConversationContext) superseded_by!: string | null;
  @Moment({ optional: true }) expires_at!: string | null;
  @Moment({ optional: true, readOnly: true, description: 'When the same content came again' })
  last_seen_at!: string | null;
  @Text({
    max: 64,
    readOnly: true,
    index: true,
    description: 'SHA-256 of title, summary and conversation (and that it is a checkpoint), in hex',
  })
  content_hash!: string;
  @Text({ max: 64, optional: true, assigned: true, internal: true, unique: true }) content_key!:
    string | null;
  @Derived({ type: 'integer', description: 'How often it was read alone' }) usage_count!: number;
  @Derived({ type: 'string', format: 'date-time', nullable: true }) last_used_at!: string | null;
}
