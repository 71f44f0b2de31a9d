import {
  BelongsTo,
  Choice,
  Day,
  Flag,
  Ip,
  ListOf,
  LongText,
  MacAddress,
  MayBelongTo,
  Text,
} from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity } from '../../core/resource/resource.js';
import { Client } from '../../directory/clients/client.entity.js';
import { Site } from '../../directory/sites/site.entity.js';

/** A server, device or container, and what one must know before typing a command on it. */
@Resource({
  name: 'infrastructure',
  path: 'infrastructure',
  about: 'Servers, firewalls, switches and other equipment that we look after.',
  client: 'self',
  inheritsClient: true,
  overview: 'runs',
  taggable: true,
  customFields: true,
})
export class Infrastructure extends ResourceEntity {
  @BelongsTo(() => Client, { onDelete: 'CASCADE', optional: true }) client_id!: string | null;
  @MayBelongTo(() => Site) site_id!: string | null;
  @Choice(
    [
      'physical_server',
      'virtual_machine',
      'container',
      'network_device',
      'nas_storage',
      'workstation',
      'firewall',
      'domain_controller',
      'printer',
      'other',
    ],
    { required: true },
  )
  asset_type!: string;
  @Text({ search: true, index: true }) hostname!: string;
  @Ip({ optional: true, search: true, index: true }) ip_address!: string | null;
  @MacAddress({ optional: true, search: true, index: true }) mac_address!: string | null;
  @Text({ max: 100, optional: true, search: true }) os!: string | null;
  @Text({ max: 100, optional: true }) os_version!: string | null;
  @LongText({ max: 2000, optional: true, search: true }) role_description!: string | null;
  @MayBelongTo(() => Infrastructure, { description: 'What hosts it' })
  parent_host_id!: string | null;
  @Choice(['active', 'migration_source', 'migration_destination', 'decommissioned']) status!: string;
  @Text({ optional: true, search: true, index: true }) serial_number!: string | null;
  @Text({ optional: true }) manufacturer!: string | null;
  @Text({ optional: true }) model!: string | null;
  @Day({ optional: true }) purchased_on!: string | null;
  @Day({ optional: true }) warranty_expires_on!: string | null;
  @Text({ max: 50, optional: true }) powershell_version!: string | null;
  @Text({ max: 50, optional: true }) shell_type!: string | null;
  @Text({ max: 50, optional: true }) package_manager!: string | null;
  @Flag({ default: true }) has_gui!: boolean;
  @ListOf('text', { optional: true, description: 'What does not work here' }) limitations!: string[] | null;
  @LongText({ optional: true, search: true }) environmental_notes!: string | null;
}
