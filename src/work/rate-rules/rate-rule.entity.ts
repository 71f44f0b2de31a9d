import { BelongsTo, Choice, Day, Decimal, LongText, Whole } from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity } from '../../core/resource/resource.js';
import { Client } from '../../directory/clients/client.entity.js';
import { LABOUR_TYPES, type LabourType } from '../money/labour.js';
import { ROUNDINGS, type RoundingRule, SCOPES } from '../money/rounding.js';

/** What an hour costs, and how minutes are rounded. */
@Resource({
  name: 'rate_rule',
  path: 'rate-rules',
  about: 'What an hour costs and how minutes are rounded, for one client or all, and one labour type or all.',
  client: 'self',
  writeScope: 'msp:admin',
  customFields: true,
  writing: `Of the rules that are valid on the day of the work, the most specific is applied: for the client and the
labour type, else for the client, else for the labour type, else for everything. Two that are equally specific and
valid on the same day are 409. What was written before a rule came or changed keeps its rate and its rounding.

Minutes are added up as \`scope\` says before they are rounded to \`increment_minutes\`. An increment goes with a
rounding, and a rounding with an increment of more than 1 (422). A new rule says a rate, or how minutes
are rounded (422); \`rounding: none\` takes a client out of a more general rounding. Rules for every client are written
by those who see every client. A client, and all clients together, have at most 1,000 rules.`,
})
export class RateRule extends ResourceEntity implements RoundingRule {
  @BelongsTo(() => Client, { onDelete: 'CASCADE', optional: true, description: 'Null: every client' })
  client_id!: string | null;
  @Choice(LABOUR_TYPES, { optional: true, description: 'Null: every type' }) labour_type!: LabourType | null;
  @Decimal({
    optional: true,
    description:
      'In the currency of the client. Null: the rate of the client, else DEFAULT_HOURLY_RATE. That of a rule for emergencies is not multiplied',
  })
  hourly_rate!: string | null;
  @Whole({ min: 1, max: 1440, default: 1, index: false }) increment_minutes!: number;
  @Whole({ max: 1440, default: 0, index: false, description: 'Billed at least, where there was any work' })
  minimum_minutes!: number;
  @Choice(ROUNDINGS, { index: false, description: 'To the increment; nearest: half of it goes up' })
  rounding!: (typeof ROUNDINGS)[number];
  @Choice(SCOPES, { index: false, description: 'Which minutes are added up before they are rounded' })
  scope!: (typeof SCOPES)[number];
  @Day({ optional: true, description: 'The first day of work; null: always was' }) valid_from!: string | null;
  @Day({ optional: true, description: 'The last day of work; null: until further notice' })
  valid_to!: string | null;
  @LongText({ optional: true, search: true }) notes!: string | null;
}
