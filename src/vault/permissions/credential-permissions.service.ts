import { Injectable } from '@nestjs/common';
import { isAdmin } from '../../core/context/actor.js';
import { AuthorizationError, ValidationError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import { resourceOf } from '../../core/resource/resource.js';
import { ResourceService } from '../../core/resource/resource.service.js';
import type { Clause } from '../../core/table/rows.js';
import { clientRestriction } from '../../core/resource/restriction.js';
import { Client } from '../../directory/clients/client.entity.js';
import { CredentialsService } from '../credentials/credentials.service.js';
import { CredentialPermission } from './credential-permission.entity.js';

/** Grants: on a client by administrators, on a credential also by who manages it. */
@Injectable()
export class CredentialPermissionsService extends ResourceService(CredentialPermission) {
  constructor(private readonly credentials: CredentialsService) {
    super();
  }

  protected override async beforeCreate(row: CredentialPermission): Promise<void> {
    if ((row.credential_id === null) === (row.client_id === null))
      throw ValidationError.of('credential_id', 'give either credential_id or client_id', 'exclusive');
    await this.requireGranter(row);
  }

  protected override async beforeUpdate(
    before: CredentialPermission,
    changes: Partial<CredentialPermission>,
  ): Promise<void> {
    for (const name of ['credential_id', 'client_id', 'user_id'] as const)
      if (changes[name] !== undefined && changes[name] !== before[name])
        throw ValidationError.of(name, 'cannot be changed; make another grant', 'immutable');
    await this.requireGranter(before);
  }

  private async requireGranter(row: CredentialPermission): Promise<void> {
    if (row.client_id !== null && !isAdmin(currentActor()))
      throw new AuthorizationError('Grants on a client need the scope msp:admin', { scope: 'msp:admin' });
    if (row.credential_id === null) return;
    const credential = await this.kit.registry.of(this.credentials.spec.type)?.reference(row.credential_id);
    if (!credential) throw ValidationError.of('credential_id', 'refers to nothing that exists', 'reference');
    await this.credentials.requireManage(await this.credentials.find(row.credential_id));
  }

  /** Administrators see the grants on what they see; others their own, and those on credentials they own. */
  protected override restrictions(): Clause[] {
    const actor = currentActor();
    const clients = clientRestriction(resourceOf(Client), actor);
    const visible = this.credentials.visible();
    const table = 'credential_permissions';
    const credentialSide = visible.map(one => one.sql).join(' AND ') || '1 = 1';
    const clientSide = clients
      ? `${table}.client_id IN (SELECT clients.id FROM clients WHERE ${clients.sql})`
      : `${table}.client_id IS NOT NULL`;
    const reach = {
      sql: `(${clientSide} OR ${table}.credential_id IN (SELECT credentials.id FROM credentials WHERE ${credentialSide}))`,
      values: [...(clients?.values ?? []), ...visible.flatMap(one => one.values)],
    };
    if (isAdmin(actor)) return [reach];
    const own = {
      sql: `(${table}.user_id = ? OR ${table}.credential_id IN (SELECT o.id FROM credentials o WHERE o.owner_id = ?))`,
      values: [actor.id, actor.id],
    };
    return [reach, own];
  }
}
