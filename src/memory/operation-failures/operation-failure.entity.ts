import { User } from '../../core/access/user.entity.js';
import { Choice, LongText, MayBelongTo, Text } from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity } from '../../core/resource/resource.js';
import { Client } from '../../directory/clients/client.entity.js';
import { Session } from '../../work/sessions/session.entity.js';
import { WorkItem } from '../../work/work-items/work-item.entity.js';
import { FailurePattern } from '../failure-patterns/failure-pattern.entity.js';
import { OPERATIONS } from './operations.js';

/** Something that was tried and failed. */
@Resource({
  name: 'operation_failure',
  path: 'operation-failures',
  about: 'What was tried and failed; each failure counts in the pattern of its error.',
  client: 'self',
  inheritsClient: true,
  owner: 'user_id',
  redacts: true,
  writing:
    'A new failure counts in the pattern of its error at its client, which is made when there is none.',
})
export class OperationFailure extends ResourceEntity {
  @MayBelongTo(() => Client) client_id!: string | null;
  @MayBelongTo(() => Session, { listBy: true }) session_id!: string | null;
  @MayBelongTo(() => WorkItem) work_item_id!: string | null;
  @MayBelongTo(() => User, { readOnly: true, description: 'Who met it' }) user_id!: string | null;
  @Choice(OPERATIONS, { required: true }) operation_type!: string;
  @Text({ max: 1000, optional: true, search: true }) target!: string | null;
  @LongText({ search: true }) error_message!: string;
  @Text({ max: 100, optional: true, index: true }) error_code!: string | null;
  @LongText({ optional: true, search: true }) resolution!: string | null;
  @MayBelongTo(() => FailurePattern, { readOnly: true, description: 'Of the error as it was first told' })
  pattern_id!: string | null;
}
