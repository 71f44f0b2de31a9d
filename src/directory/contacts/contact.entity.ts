import {
  BelongsTo,
  Choice,
  Email,
  Flag,
  LongText,
  MayBelongTo,
  Text,
} from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity } from '../../core/resource/resource.js';
import { Client } from '../clients/client.entity.js';
import { Site } from '../sites/site.entity.js';

/** A person at a client. */
@Resource({
  name: 'contact',
  path: 'contacts',
  about: 'The people to call or write to at a client.',
  client: 'self',
  customFields: true,
})
export class Contact extends ResourceEntity {
  @BelongsTo(() => Client, { onDelete: 'CASCADE' }) client_id!: string;
  @MayBelongTo(() => Site) site_id!: string | null;
  @Text({ search: true, index: true }) name!: string;
  @Choice(['technical', 'billing', 'primary', 'other']) role!: string;
  @Email({ optional: true, search: true, index: true }) email!: string | null;
  @Text({ max: 50, optional: true, search: true }) phone!: string | null;
  @Text({ max: 50, optional: true, search: true }) mobile!: string | null;
  @Flag({ default: false }) is_important!: boolean;
  @LongText({ optional: true, search: true }) notes!: string | null;
}
