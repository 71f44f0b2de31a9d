import { Injectable } from '@nestjs/common';
import { isAdmin, reaches, requireReach } from '../../../core/context/actor.js';
import { currentActor } from '../../../core/context/request-context.js';
import { ClientsService } from '../../../directory/clients/clients.service.js';
import { CredentialsService } from '../../../vault/credentials/credentials.service.js';
import { Exposures } from '../../../vault/exposure/exposure.service.js';
import { CredentialHealth } from '../../../vault/health/credential-health.service.js';
import { bounded } from '../report.js';
import type { Asked } from '../report-queries.service.js';
import type { VaultHealth } from './vault-health.answers.js';

/** The most that one page of the health of credentials has. */
const MOST = 1_000;

/** Which credentials want care, and who knows secrets: what those lists say, on the trail as they are there. */
@Injectable()
export class VaultHealthReport {
  constructor(
    private readonly health: CredentialHealth,
    private readonly exposures: Exposures,
    private readonly credentials: CredentialsService,
    private readonly clients: ClientsService,
  ) {}

  async report({ frame }: Asked): Promise<VaultHealth> {
    const actor = currentActor();
    requireReach(actor, this.credentials.spec.path);
    const { client_id } = frame;
    const { items, total, counts, checked } = await this.health.report({
      limit: String(MOST),
      ...(client_id ? { client_id } : {}),
    });
    const names = await this.clients.namesOf([...new Set(items.flatMap(one => one.client_id ?? []))]);
    const rows = items.map(one => ({ ...one, client_name: names.get(one.client_id ?? '') ?? null }));
    // As the routes of the exposure: it tells of users, and is below the client.
    const isTold = isAdmin(actor) && reaches(actor, 'users') && (!client_id || reaches(actor, 'clients'));
    const exposure = isTold ? await this.exposures.people(client_id) : null;
    return {
      ...frame,
      from: null,
      to: null,
      ...bounded(rows, total ?? rows.length, MOST),
      counts,
      checked,
      exposure,
    };
  }
}
