import { User } from '../../core/access/user.entity.js';
import { Choice, Derived, LongText, MayBelongTo, Moment, Text, Whole } from '../../core/table/field-decorators.js'; // prettier-ignore
import { Resource, ResourceEntity } from '../../core/resource/resource.js';
import { Client } from '../../directory/clients/client.entity.js';
import { Project } from '../../work/projects/project.entity.js';
import type { RecurringRow } from '../recurring/content-key.js';
import { Score } from '../score-field.js';

/** One thing worth knowing again. */
@Resource({
  name: 'context_snippet',
  path: 'context-snippets',
  about: 'Single things worth knowing again: decisions, patterns, lessons, facts.',
  client: 'self',
  inheritsClient: true,
  owner: 'user_id',
  redacts: true,
  taggable: true,
  derived: true,
  writing:
    'The same content again in the same project (without one: of the same client, else of the same user) is that row, ' +
    'with a new `last_seen_at`.',
})
export class ContextSnippet extends ResourceEntity implements RecurringRow {
  @MayBelongTo(() => Client) client_id!: string | null;
  @MayBelongTo(() => Project, { listBy: true }) project_id!: string | null;
  @MayBelongTo(() => User, { readOnly: true, description: 'Who wrote it' }) user_id!: string | null;
  @Choice(['decision', 'pattern', 'lesson', 'blocker', 'state', 'configuration', 'fact'], { required: true })
  category!: string;
  @Text({ max: 500, optional: true, search: true }) title!: string | null;
  @LongText({ search: true }) content!: string;
  @Whole({ min: 1, max: 10, default: 5, description: '10 is the most important' }) importance!: number;
  @Score({ default: '5.00' }) relevance_score!: string;
  @Moment({ optional: true, description: 'When it was so, where that is not when it was written' })
  occurred_at!: string | null;
  @Moment({ optional: true, readOnly: true, description: 'When the same content came again' })
  last_seen_at!: string | null;
  @Text({ max: 64, readOnly: true, index: true, description: 'SHA-256 of the content, in hex' })
  content_hash!: string;
  @Text({ max: 64, optional: true, assigned: true, internal: true, unique: true }) content_key!:
    string | null;
  @Derived({ type: 'integer', description: 'How often it was read alone' }) usage_count!: number;
  @Derived({ type: 'string', format: 'date-time', nullable: true }) last_used_at!: string | null;
}
