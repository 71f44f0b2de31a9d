import {
  BelongsTo,
  Cidr,
  Flag,
  Ip,
  ListOf,
  LongText,
  Text,
  TimeZone,
} from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity } from '../../core/resource/resource.js';
import { Client } from '../clients/client.entity.js';

/** A place of a client, with how to reach its network. */
@Resource({
  name: 'site',
  path: 'sites',
  about: 'The places where a client works, with their networks and how to reach them.',
  client: 'self',
  customFields: true,
})
export class Site extends ResourceEntity {
  @BelongsTo(() => Client, { onDelete: 'CASCADE' }) client_id!: string;
  @Text({ uniqueWithin: ['client_id'], search: true, description: 'Unique per client' }) name!: string;
  @Cidr({ optional: true }) network_subnet!: string | null;
  @Flag({ default: false }) vpn_required!: boolean;
  @Cidr({ optional: true }) vpn_subnet!: string | null;
  @Ip({ optional: true }) gateway_ip!: string | null;
  @ListOf('ip', { optional: true }) dns_servers!: string[] | null;
  @LongText({ max: 2000, optional: true, search: true }) address!: string | null;
  @TimeZone({ optional: true }) timezone!: string | null;
  @LongText({ optional: true, search: true }) notes!: string | null;
}
