import {
  Choice,
  Flag,
  LongText,
  MayBelongTo,
  Moment,
  Text,
  Whole,
} from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity } from '../../core/resource/resource.js';
import { Client } from '../../directory/clients/client.entity.js';
import { OPERATIONS } from '../operation-failures/operations.js';

/** An error that comes again. Patterns are of one client, because the text of an error may tell of it. */
@Resource({
  name: 'failure_pattern',
  path: 'failure-patterns',
  about: 'Errors that come again, each with how often, since when, and what helps.',
  client: 'self',
  redacts: true,
  writing:
    'The signature is stored as an error is compared: in lower case, with placeholders for ids, times, addresses and ' +
    'numbers. It is unique per client: the same error at two clients is two patterns, because its text may tell of ' +
    'the client. Failures count themselves in.',
})
export class FailurePattern extends ResourceEntity {
  @MayBelongTo(() => Client) client_id!: string | null;
  @Text({
    max: 500,
    uniqueWithin: ['client_id'],
    lower: true,
    search: true,
    example: 'example_service: connection to <ip>:<n> timed out',
  })
  pattern_signature!: string;
  @Choice(OPERATIONS, { default: 'other' }) category!: string;
  @LongText({ search: true }) description!: string;
  @Whole({ readOnly: true, default: 0 }) occurrence_count!: number;
  @Moment({ optional: true, readOnly: true }) first_seen_at!: string | null;
  @Moment({ optional: true, readOnly: true }) last_seen_at!: string | null;
  @LongText({ optional: true, search: true }) recommended_solution!: string | null;
  @Choice(['medium', 'critical', 'high', 'low']) severity!: string;
  @Flag({ default: true }) is_active!: boolean;
}
