import { BelongsTo, Choice, Cidr, Flag, LongText, Text, Whole } from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity, via } from '../../core/resource/resource.js';
import { Infrastructure } from '../infrastructure/infrastructure.entity.js';
import { Ports } from './ports.js';

/** Of one device: so many are analysed and reordered at once. */
export const MOST_RULES = 2_000;

/** A rule of a device; of the rules that a packet matches, the one with the lowest rule_order decides. */
@Resource({
  name: 'firewall_rule',
  path: 'firewall-rules',
  about:
    'Firewall rules of a device, numbered in their order (`sort=rule_order`); those that never decide are found.',
  client: via('infrastructure_id'),
  unique: [['infrastructure_id', 'rule_order']],
  customFields: true,
})
export class FirewallRule extends ResourceEntity {
  @BelongsTo(() => Infrastructure, { onDelete: 'CASCADE', listBy: true }) infrastructure_id!: string;
  @Text({ optional: true, search: true }) name!: string | null;
  @Whole({ min: 1, max: 1_000_000, assigned: true, description: 'Behind the last rule when absent' })
  rule_order!: number;
  @Choice(['inbound', 'outbound', 'both']) direction!: string;
  @Choice(['allow', 'deny', 'drop', 'reject'], { required: true }) action!: string;
  @Choice(['any', 'tcp', 'udp', 'icmp']) protocol!: string;
  @Cidr({ optional: true, search: true, description: 'null is any address' }) source_cidr!: string | null;
  @Ports({ optional: true }) source_port!: string | null;
  @Cidr({ optional: true, search: true, description: 'null is any address' }) destination_cidr!:
    string | null;
  @Ports({ optional: true }) destination_port!: string | null;
  @Flag({ default: true }) enabled!: boolean;
  @Flag({ default: false }) logging!: boolean;
  @LongText({ optional: true, search: true }) description!: string | null;
}
