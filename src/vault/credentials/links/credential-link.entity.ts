import { BelongsTo, MayBelongTo } from '../../../core/table/field-decorators.js';
import { Stored, storedOf } from '../../../core/table/stored.js';
import { ResourceEntity, type ResourceSpec, via } from '../../../core/resource/resource.js';
import { Client } from '../../../directory/clients/client.entity.js';
import { Site } from '../../../directory/sites/site.entity.js';
import { Infrastructure } from '../../../estate/infrastructure/infrastructure.entity.js';
import { M365Tenant } from '../../../estate/m365-tenants/m365-tenant.entity.js';
import { Network } from '../../../estate/networks/network.entity.js';
import { Service } from '../../../estate/services/service.entity.js';
import { Credential } from '../credential.entity.js';
import { LINK_TARGETS } from './link-targets.js';

/** A further asset that a credential is for: one of the five. */
@Stored({ table: 'credential_links', unique: LINK_TARGETS.map(({ column }) => ['credential_id', column]) })
export class CredentialLink extends ResourceEntity {
  @MayBelongTo(() => Client, { readOnly: true }) client_id!: string | null;
  @BelongsTo(() => Credential, { onDelete: 'CASCADE', index: false }) credential_id!: string;
  @BelongsTo(() => Infrastructure, { onDelete: 'CASCADE', optional: true }) infrastructure_id!: string | null;
  @BelongsTo(() => Service, { onDelete: 'CASCADE', optional: true }) service_id!: string | null;
  @BelongsTo(() => Network, { onDelete: 'CASCADE', optional: true }) network_id!: string | null;
  @BelongsTo(() => M365Tenant, { onDelete: 'CASCADE', optional: true }) m365_tenant_id!: string | null;
  @BelongsTo(() => Site, { onDelete: 'CASCADE', optional: true }) site_id!: string | null;
}

/** It has no routes of a resource's own, and yet moves and goes with what it hangs on as one does. */
export const LINKS: ResourceSpec = {
  ...storedOf(CredentialLink),
  name: 'credential_link',
  path: 'credential-links',
  about: 'A part of credentials.',
  client: via('credential_id'),
  inheritsClient: true,
  routes: [],
  label: CredentialLink.name,
};
