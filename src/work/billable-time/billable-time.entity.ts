import { User } from '../../core/access/user.entity.js';
import {
  BelongsTo,
  Choice,
  Currency,
  Day,
  Decimal,
  field,
  Flag,
  LongText,
  MayBelongTo,
  Moment,
  Text,
  Uuid,
  Whole,
} from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity } from '../../core/resource/resource.js';
import { Client } from '../../directory/clients/client.entity.js';
import type { AppliedRule, Member } from '../money/groups.js';
import { LABOUR_TYPES, type LabourType } from '../money/labour.js';
import { Project } from '../projects/project.entity.js';
import { Session } from '../sessions/session.entity.js';
import { WorkItem } from '../work-items/work-item.entity.js';
import { APPLIED_RULE, CHANGING, WRITING } from './billable-time.words.js';

export const STATUSES = ['draft', 'submitted', 'approved', 'billed'] as const;
export type TimeStatus = (typeof STATUSES)[number];

/** Where an entry's rate came from; `emergency_rule` is a rule for emergencies, whose rate is not multiplied. */
export const RATE_SOURCES = ['entry', 'rule', 'emergency_rule', 'client', 'settings'] as const;
export type RateSource = (typeof RATE_SOURCES)[number];

const CATEGORIES = [
  'support', 'consulting', 'development', 'maintenance', 'troubleshooting', 'project_work', 'training', 'documentation',
]; // prettier-ignore

/** A year of 366 days. */
export const MOST_MINUTES = 527_040;

/** Work for a client, with what it costs. */
@Resource({
  name: 'billable_time',
  path: 'billable-time',
  about: 'Time worked for clients and what it costs, from the draft to the invoice.',
  client: 'self',
  removeScope: 'msp:write',
  writing: WRITING,
  changing: CHANGING,
  lasting: { sql: "billable_time.status = 'billed'", says: 'what was billed cannot be deleted at all' },
  // MariaDB orders by a unique index only where each row has a value.
  indexes: [['credits_id', 'id']],
  customFields: true,
})
export class BillableTime extends ResourceEntity implements Member {
  @BelongsTo(() => Client, { onDelete: 'RESTRICT' }) client_id!: string;
  @MayBelongTo(() => Session, { listBy: true }) session_id!: string | null;
  @MayBelongTo(() => WorkItem, {
    description: 'Of the session, where there is one; gives the session when that is absent',
  })
  work_item_id!: string | null;
  @MayBelongTo(() => Project, { listBy: true, description: 'When absent, that of the session' })
  project_id!: string | null;
  @BelongsTo(() => User, {
    onDelete: 'RESTRICT',
    optional: true,
    description: 'Who worked: the creator unless an administrator names another',
  })
  user_id!: string | null;
  @Day({
    assigned: true,
    example: '2026-01-31',
    description:
      'At most 366 days ahead. Required unless started_at is given: then its day in the time zone of the client (or UTC)',
  })
  work_date!: string;
  @Moment({ optional: true }) started_at!: string | null;
  @Moment({ optional: true, description: 'Not before started_at' }) ended_at!: string | null;
  @Whole({
    max: MOST_MINUTES,
    assigned: true,
    example: 45,
    description:
      'As they were worked; never rounded. Required unless started_at and ended_at are given: then the minutes between ' +
      'them, and never more (breaks are no work). At most 1,440 where these are not given',
  })
  worked_minutes!: number;
  @Whole({
    min: -MOST_MINUTES,
    readOnly: true,
    description: 'Rounded by the rule of `rounding`; below zero on a credit',
  })
  billable_minutes!: number;
  @Choice(LABOUR_TYPES, { required: true, description: 'warranty is not billed' }) labour_type!: LabourType;
  @Choice(CATEGORIES) category!: string;
  @Decimal({
    precision: 4,
    assigned: true,
    index: false,
    example: '1.00',
    description: 'When absent 1, and 1.5 for emergencies whose rate is not that of a rule for emergencies',
  })
  multiplier!: string;
  @Decimal({
    optional: true,
    description:
      'For an hour, before the multiplier. When absent or null: of the rate rule, else of the client, else DEFAULT_HOURLY_RATE, as they are now',
  })
  hourly_rate!: string | null;
  @Choice(RATE_SOURCES, { optional: true, readOnly: true, description: 'Null: nobody has set a rate' })
  rate_source!: RateSource | null;
  @Decimal({
    signed: true,
    optional: true,
    readOnly: true,
    description: 'Null: nobody has set a rate; below zero on a credit',
  })
  amount!: string | null;
  @Currency({
    assigned: true,
    index: true,
    description: 'That of the client; another one only with a rate in it',
  })
  currency!: string;
  @LongText({ optional: true, search: true }) description!: string | null;
  @Flag({ default: true, description: 'False for warranty' }) is_billable!: boolean;
  @Choice(STATUSES, { readOnly: true }) status!: TimeStatus;
  @Text({ max: 100, optional: true, readOnly: true, search: true, index: true }) invoice_ref!: string | null;
  @Uuid({
    optional: true,
    readOnly: true,
    unique: true,
    description: 'Of a credit: the billed entry that it takes back',
  })
  credits_id!: string | null;
  @field({ kind: 'json' }, [], APPLIED_RULE, { optional: true, readOnly: true })
  rounding!: AppliedRule | null;
  /** The entries with which it is rounded; see groupOf. */
  @Text({ max: 64, optional: true, internal: true, index: true }) group_key!: string | null;
}
