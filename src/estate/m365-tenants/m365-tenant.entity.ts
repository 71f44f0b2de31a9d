import {
  BelongsTo,
  Email,
  Flag,
  ListOf,
  LongText,
  Moment,
  Text,
  Whole,
} from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity } from '../../core/resource/resource.js';
import { Client } from '../../directory/clients/client.entity.js';
import { type SubscriptionSummary, Subscriptions } from './subscriptions.js';

/** A Microsoft 365 tenant of a client; what is unknown of it is null. */
@Resource({
  name: 'm365_tenant',
  path: 'm365-tenants',
  about: 'Microsoft 365 tenants of the clients, as they were when they were last looked at.',
  client: 'self',
  called: ['tenant_name', 'default_domain'],
  customFields: true,
})
export class M365Tenant extends ResourceEntity {
  @BelongsTo(() => Client, { onDelete: 'CASCADE' }) client_id!: string;
  @Text({
    max: 36,
    lower: true,
    uniqueWithin: [],
    unseenMayRepeat: true,
    search: true,
    pattern: /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/,
    must: 'be a GUID, such as 6babcaad-604b-40ac-a9d7-9fd97c0b779f',
    example: '6babcaad-604b-40ac-a9d7-9fd97c0b779f',
    description: "Microsoft's id of the tenant (GUID), unique",
  })
  tenant_id!: string;
  @Text({ optional: true, search: true, index: true }) tenant_name!: string | null;
  @Text({ search: true, index: true, example: 'acme.onmicrosoft.com' }) default_domain!: string;
  @ListOf('text', { optional: true }) domains!: string[] | null;
  @Email({ optional: true }) admin_email!: string | null;
  @Text({ optional: true, search: true, index: true, description: 'Its name in CIPP' }) cipp_name!:
    string | null;
  @Subscriptions({ optional: true }) subscription_summary!: SubscriptionSummary | null;
  @Whole({ optional: true }) user_count!: number | null;
  @Flag({ optional: true }) mfa_enforced!: boolean | null;
  @Flag({ optional: true }) conditional_access!: boolean | null;
  @ListOf('text', { optional: true, description: 'What our application may do there' })
  granted_permissions!: string[] | null;
  @Moment({ optional: true }) last_synced_at!: string | null;
  @LongText({ optional: true, search: true }) notes!: string | null;
}
