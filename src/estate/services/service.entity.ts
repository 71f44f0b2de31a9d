import { Choice, LongText, MayBelongTo, Text, Url, Whole } from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity } from '../../core/resource/resource.js';
import { Client } from '../../directory/clients/client.entity.js';
import { Infrastructure } from '../infrastructure/infrastructure.entity.js';

/** Something that runs and is reached over a network. */
@Resource({
  name: 'service',
  path: 'services',
  about: 'Software that runs somewhere: where it is reached and in which state it is.',
  client: 'self',
  inheritsClient: true,
  overview: 'runs',
  redacts: ['external_url', 'internal_url'],
  customFields: true,
})
export class Service extends ResourceEntity {
  @MayBelongTo(() => Client) client_id!: string | null;
  @MayBelongTo(() => Infrastructure) infrastructure_id!: string | null;
  @Text({ search: true, index: true }) name!: string;
  @Text({ max: 100, optional: true, search: true, index: true }) service_type!: string | null;
  @Url({ optional: true, search: true }) external_url!: string | null;
  @Url({ optional: true, search: true }) internal_url!: string | null;
  @Whole({ min: 1, max: 65_535, optional: true }) port!: number | null;
  @Choice(['https', 'http', 'ssh', 'rdp', 'smb', 'sql', 'tcp', 'udp', 'other']) protocol!: string;
  @Choice(['running', 'stopped', 'error', 'maintenance']) status!: string;
  @Text({ max: 100, optional: true }) version_label!: string | null;
  @LongText({ optional: true, search: true }) notes!: string | null;
}
