import { User } from '../../core/access/user.entity.js';
import { Choice, ListOf, LongText, MayBelongTo, Moment } from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity } from '../../core/resource/resource.js';
import { Client } from '../../directory/clients/client.entity.js';
import { Project } from '../../work/projects/project.entity.js';
import { Session } from '../../work/sessions/session.entity.js';

export const IMPACTS = ['medium', 'low', 'high', 'critical'] as const;
export type Impact = (typeof IMPACTS)[number];

/** What was decided, and why. */
@Resource({
  name: 'decision_log',
  path: 'decision-logs',
  about: 'What was decided, why, and instead of what.',
  client: 'self',
  inheritsClient: true,
  owner: 'user_id',
  redacts: true,
  taggable: true,
  writing: 'What `supersedes_id` names becomes `superseded`.',
})
export class DecisionLog extends ResourceEntity {
  @MayBelongTo(() => Client) client_id!: string | null;
  @MayBelongTo(() => Project, { listBy: true }) project_id!: string | null;
  @MayBelongTo(() => Session, { listBy: true }) session_id!: string | null;
  @MayBelongTo(() => User, { readOnly: true, description: 'Who wrote it' }) user_id!: string | null;
  @Choice(['technical', 'architectural', 'process', 'security', 'other'], { required: true })
  decision_type!: string;
  @LongText({ search: true }) decision_text!: string;
  @LongText({ optional: true, search: true }) rationale!: string | null;
  @ListOf('text', { optional: true }) alternatives_considered!: string[] | null;
  @Choice(IMPACTS) impact!: Impact;
  @Moment({ optional: true, description: 'When it was so, where that is not when it was written' })
  occurred_at!: string | null;
  @MayBelongTo(() => DecisionLog) supersedes_id!: string | null;
  @Choice(['active', 'superseded', 'reverted']) status!: string;
}
