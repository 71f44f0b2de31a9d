import { REVEAL_POLICIES, type RevealPolicy } from '../../core/access/reveal-policy.js';
import {
  Choice,
  Currency,
  Decimal,
  Email,
  LongText,
  MapOf,
  Moment,
  Text,
  TimeZone,
  Url,
} from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity } from '../../core/resource/resource.js';

@Resource({
  name: 'client',
  path: 'clients',
  about: 'The organisations that we work for; nearly everything else belongs to one.',
  client: 'itself',
  writeScope: 'msp:admin',
  archivable: true,
  writing:
    'A client whose status is `archived` has an `archived_at`, and no other has: either sets the other one. `archived_at: ' +
    'null` makes it `active`. Both at once must agree (422). A client that was off-boarded stays archived.',
  policyHeaders: ['update'],
  customFields: true,
})
export class Client extends ResourceEntity {
  @Text({ uniqueWithin: [], search: true }) name!: string;
  @Choice(['msp_client', 'internal', 'project']) type!: string;
  @Choice(['active', 'prospect', 'paused', 'offboarding', 'archived']) status!: string;
  @Text({ optional: true, search: true }) domain_name!: string | null;
  @Text({ optional: true }) primary_contact!: string | null;
  @Email({ optional: true }) email!: string | null;
  @Text({ max: 50, optional: true }) phone!: string | null;
  @Url({ optional: true }) website!: string | null;
  @LongText({ max: 2000, optional: true }) address!: string | null;
  @TimeZone({ optional: true }) timezone!: string | null;
  @Currency({ optional: true, description: 'DEFAULT_CURRENCY when absent' }) currency!: string | null;
  @Decimal({ optional: true }) default_hourly_rate!: string | null;
  @MapOf('text', { optional: true, description: 'System → id there, such as {"syncro": "4711"}' })
  external_refs!: Record<string, string> | null;
  @Choice(REVEAL_POLICIES, {
    index: false,
    columnDefault: 'open',
    description: 'What revealing any of its credentials asks for at least; loosened only by who passes it',
  })
  reveal_policy!: RevealPolicy;
  @LongText({ optional: true, search: true }) notes!: string | null;
  archived_at!: string | null;
  @Moment({
    optional: true,
    readOnly: true,
    index: false,
    description:
      'Since when it is being off-boarded: nothing that was sealed for it opens, and nothing is sealed any more',
  })
  offboarded_at!: string | null;
  @Moment({
    optional: true,
    readOnly: true,
    index: false,
    description: 'When its keys were destroyed',
  })
  keys_destroyed_at!: string | null;
}
