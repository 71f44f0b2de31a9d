import { APPROVAL_PURPOSES, type ApprovalPurpose } from '../../core/access/approvals.js';
import { User } from '../../core/access/user.entity.js';
import {
  BelongsTo,
  Choice,
  Derived,
  Flag,
  MayBelongTo,
  Moment,
  Text,
  Uuid,
  Whole,
} from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity } from '../../core/resource/resource.js';
import { Client } from '../../directory/clients/client.entity.js';
import { Credential } from '../credentials/credential.entity.js';
import { APPROVAL_FILTERS } from './approval-filters.js';

/** Those of `pending` and `approved` end by themselves, at `expires_at`; the others are over. */
export const APPROVAL_STATUSES = [
  'pending',
  'approved',
  'refused',
  'withdrawn',
  'revoked',
  'used',
  'ended',
] as const;
export type ApprovalStatus = (typeof APPROVAL_STATUSES)[number];

/** What somebody asks a second person for, where a reveal policy is `approval`, and what came of it. */
@Resource({
  name: 'approval_request',
  path: 'approval-requests',
  about: 'Second pairs of eyes: who asks to reveal a secret, or to loosen a policy, and who decided.',
  client: 'shared',
  routes: ['list', 'create', 'get'],
  guarded: true,
  derived: true,
  filters: APPROVAL_FILTERS,
  writing:
    'Exactly one of `credential_id` and `client_id`; of a client the policy is loosened, which is the only `purpose` ' +
    'there. Needs the right that the approval is for (reveal, or manage to loosen), and somebody else who could ' +
    'decide (409). A request waits for 24 hours. It is decided by another one who manages the credential, or by an ' +
    'administrator. Who asks with an access token gets an approval for that token alone.',
})
export class ApprovalRequest extends ResourceEntity {
  @BelongsTo(() => Credential, { onDelete: 'CASCADE', optional: true }) credential_id!: string | null;
  @BelongsTo(() => Client, { onDelete: 'CASCADE', optional: true }) client_id!: string | null;
  @Choice(APPROVAL_PURPOSES, {
    description:
      'What is to be approved: revealing, or making the policy looser (also by moving the credential to another client)',
  })
  purpose!: ApprovalPurpose;
  @Text({ max: 500, example: 'The firewall of the main office does not answer' }) reason!: string;
  @Whole({ min: 1, max: 1440, default: 60, index: false, description: 'How long the approval shall hold' })
  minutes!: number;
  @Flag({
    default: true,
    index: false,
    description: 'Good for one time; otherwise for any number until it ends',
  })
  single_use!: boolean;
  @Choice(APPROVAL_STATUSES, { readOnly: true }) status!: ApprovalStatus;
  @MayBelongTo(() => User, { readOnly: true, description: 'Who asks, and may use it' })
  requested_by!: string | null;
  @Uuid({ optional: true, readOnly: true, description: 'The access token that asked; it alone may use it' })
  token_id!: string | null;
  @MayBelongTo(() => User, { readOnly: true, description: 'Who approved or refused' })
  decided_by!: string | null;
  @Moment({ optional: true, readOnly: true, index: false }) decided_at!: string | null;
  @Text({ optional: true, readOnly: true, max: 500, description: 'What the one who decided says' })
  note!: string | null;
  @Moment({ readOnly: true, description: 'Of the request, until it is decided; then of the approval' })
  expires_at!: string;
  @Whole({ readOnly: true, default: 0, index: false, description: 'How often it was used' }) uses!: number;
  @Text({ optional: true, readOnly: true, description: 'Why it ended before its time' })
  ended_because!: string | null;

  @Derived({ type: 'boolean' }, { description: 'Waits for a decision, or can be used' }) is_open!: boolean;
  @Derived({ type: 'string', nullable: true }, { description: 'What the credential or client is called' })
  target_name!: string | null;
  @Derived({ type: 'string', nullable: true }, { description: 'The address of who asks' })
  requester_email!: string | null;
}
