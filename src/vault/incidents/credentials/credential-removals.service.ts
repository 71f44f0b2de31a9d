import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ConflictError } from '../../../core/context/errors.js';
import { ResourceKit } from '../../../core/resource/kit.js';
import { forShare } from '../../../core/database/locks.js';
import { now } from '../../../core/database/values.js';
import type { Credential } from '../../credentials/credential.entity.js';
import { CredentialsService } from '../../credentials/credentials.service.js';
import { CredentialPermission } from '../../permissions/credential-permission.entity.js';
import { IncidentCredential } from './incident-credential.entity.js';
import { IncidentDeletedCredential } from './incident-deleted-credential.entity.js';

/** An affected credential stays until its incidents are resolved, and afterwards in their reports. */
@Injectable()
export class CredentialRemovals implements OnModuleInit {
  constructor(
    private readonly kit: ResourceKit,
    private readonly credentials: CredentialsService,
  ) {}

  onModuleInit(): void {
    this.credentials.beforeRemoval(credential => this.release(credential));
  }

  /** Joins the unit that deletes the credential, which holds the lock on its row: no link is added meanwhile. */
  private async release(credential: Credential): Promise<void> {
    await this.refuseWhileOpen(credential.id);
    const links = await this.kit.rows.find(IncidentCredential, { credential_id: credential.id });
    if (links.length === 0) return;
    const { client_id, service_name } = credential;
    const kept = { client_id, service_name, readers: await this.readersOf(credential), deleted_at: now() };
    await this.kit.rows.insert(
      IncidentDeletedCredential,
      ...links.map(({ id, incident_id, rotated_at }) => ({ ...kept, id, incident_id, rotated_at })),
    );
  }

  private async refuseWhileOpen(credential_id: string): Promise<void> {
    // Under a lock MariaDB reads what is committed now, not what was when the unit began.
    const { sql } = this.kit.units;
    const open = await sql.select(
      'SELECT 1 FROM incident_credentials l JOIN security_incidents i ON i.id = l.incident_id ' +
        `WHERE l.credential_id = ? AND i.status <> 'resolved' LIMIT 1${forShare(sql.dialect)}`,
      [credential_id],
    );
    if (open.length > 0)
      throw new ConflictError(
        'An unresolved security incident affects this credential: archive it (archived_at), and delete it when the incident is resolved',
        { resource_type: 'Credential', resource_id: credential_id, referenced_by: ['security-incidents'] },
      );
  }

  private async readersOf({ id, client_id, owner_id }: Credential): Promise<string[]> {
    const own = await this.kit.rows.find(CredentialPermission, { credential_id: id });
    const ofClient = client_id === null ? [] : await this.kit.rows.find(CredentialPermission, { client_id });
    const granted = [...own, ...ofClient].filter(
      ({ expires_at }) => expires_at === null || Date.parse(expires_at) > Date.now(),
    );
    return [...new Set([...granted.map(one => one.user_id), ...(owner_id === null ? [] : [owner_id])])];
  }
}
