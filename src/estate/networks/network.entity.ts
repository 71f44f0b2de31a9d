import {
  BelongsTo,
  Choice,
  Cidr,
  Ip,
  ListOf,
  LongText,
  MayBelongTo,
  Text,
  Whole,
} from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity } from '../../core/resource/resource.js';
import { Client } from '../../directory/clients/client.entity.js';
import { Site } from '../../directory/sites/site.entity.js';

@Resource({
  name: 'network',
  path: 'networks',
  about: 'Networks of a client with their addresses; overlaps are reported.',
  client: 'self',
  customFields: true,
})
export class Network extends ResourceEntity {
  @BelongsTo(() => Client, { onDelete: 'CASCADE' }) client_id!: string;
  @MayBelongTo(() => Site) site_id!: string | null;
  @Text({ search: true, index: true }) name!: string;
  @Choice(['lan', 'vpn', 'vlan', 'isolated', 'dmz', 'guest', 'wan']) network_type!: string;
  @Cidr({ search: true }) cidr!: string;
  @Ip({ optional: true }) gateway_ip!: string | null;
  @ListOf('ip', { optional: true }) dns_servers!: string[] | null;
  @Whole({ min: 1, max: 4094, optional: true }) vlan_id!: number | null;
  @Ip({ optional: true }) dhcp_start!: string | null;
  @Ip({ optional: true }) dhcp_end!: string | null;
  @LongText({ optional: true, search: true }) notes!: string | null;
}
