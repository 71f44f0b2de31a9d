import { BelongsTo, Day, Flag, ListOf, LongText, Text } from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity } from '../../core/resource/resource.js';
import { Client } from '../../directory/clients/client.entity.js';

/** Two labels or more of letters, digits and hyphens (RFC 1123, 2.1); the last one holds a letter. */
const NAME = /^(?=.{1,253}$)(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+(?=[a-zA-Z0-9-]*[a-zA-Z])[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/; // prettier-ignore

/** A name in the DNS that a client has rented, and until when. */
@Resource({
  name: 'domain',
  path: 'domains',
  about: 'Domains of the clients: where each is registered, and until when.',
  client: 'self',
  customFields: true,
})
export class Domain extends ResourceEntity {
  @BelongsTo(() => Client, { onDelete: 'CASCADE' }) client_id!: string;
  @Text({
    max: 253,
    lower: true,
    uniqueWithin: ['client_id'],
    search: true,
    pattern: NAME,
    must: 'be a domain name without a dot at its end, such as acme.example; others than ASCII in their form of xn--',
    example: 'acme.example',
  })
  name!: string;
  @Text({ optional: true, search: true, index: true, description: 'Where it is registered' })
  registrar!: string | null;
  @Day({ optional: true, description: 'The first day on which it is not registered any more' })
  expires_on!: string | null;
  @Flag({ default: false, description: 'The registrar renews it by itself' }) auto_renew!: boolean;
  @ListOf('text', { optional: true }) nameservers!: string[] | null;
  @LongText({ optional: true, search: true }) notes!: string | null;
}
