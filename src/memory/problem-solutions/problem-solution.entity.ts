import { User } from '../../core/access/user.entity.js';
import { Flag, LongText, MayBelongTo, Moment, Text, Whole } from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity } from '../../core/resource/resource.js';
import { Client } from '../../directory/clients/client.entity.js';
import { Infrastructure } from '../../estate/infrastructure/infrastructure.entity.js';
import { WorkItem } from '../../work/work-items/work-item.entity.js';

/** A problem, and what solved it. */
@Resource({
  name: 'problem_solution',
  path: 'problem-solutions',
  about: 'Problems with what solved them, found by the error that one has.',
  client: 'self',
  inheritsClient: true,
  owner: 'user_id',
  redacts: true,
  taggable: true,
  overview: 'problems',
})
export class ProblemSolution extends ResourceEntity {
  @MayBelongTo(() => Client) client_id!: string | null;
  @MayBelongTo(() => Infrastructure) infrastructure_id!: string | null;
  @MayBelongTo(() => WorkItem) work_item_id!: string | null;
  @MayBelongTo(() => User, { readOnly: true, description: 'Who wrote it' }) user_id!: string | null;
  @Text({ max: 500, search: true }) title!: string;
  @LongText({ search: true }) problem!: string;
  @LongText({ optional: true, search: true }) symptoms!: string | null;
  @LongText({ optional: true, search: true, description: 'As it is shown where it happens' })
  error_text!: string | null;
  /** See signatureOf. */
  @Text({ max: 500, optional: true, internal: true, index: true }) error_signature!: string | null;
  @LongText({ optional: true, search: true }) root_cause!: string | null;
  @LongText({ search: true }) solution!: string;
  @Flag({ default: false, description: 'Somebody has seen it help' }) verified!: boolean;
  @Whole({ min: 1, default: 1 }) occurrences!: number;
  @Moment({ optional: true }) last_seen_at!: string | null;
}
