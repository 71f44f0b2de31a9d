import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventBus, type Events } from '../../../core/events/events.js';
// The types of the events are declared there.
import type {} from '../../vault-events.js';
import { IncidentsService } from '../incidents.service.js';

const MOST_LINKED = 100;

/** Somebody who reveals unusually much, and a secret that does not open, are incidents. */
@Injectable()
export class RevealWatch implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly incidents: IncidentsService,
  ) {}

  onModuleInit(): void {
    this.events.on('vault.mass_reveal', fact => this.massReveal(fact));
    this.events.on('vault.opening_failed', fact => this.openingFailed(fact));
  }

  private async massReveal({
    actor_id,
    actor_name,
    credential_ids,
  }: Events['vault.mass_reveal']): Promise<void> {
    await this.incidents.raise({
      key: `mass_reveal:${actor_id}`,
      incident_type: 'unauthorized_access',
      severity: 'high',
      title: `Many secrets revealed by ${actor_name}`,
      text: `${actor_name} revealed ${credential_ids.length} different credentials within a short time`,
      credential_ids: credential_ids.slice(0, MOST_LINKED),
    });
  }

  private async openingFailed({ credential_id, field }: Events['vault.opening_failed']): Promise<void> {
    await this.incidents.raise({
      key: `opening_failed:${credential_id}`,
      incident_type: 'unauthorized_access',
      severity: 'high',
      title: 'A stored secret does not open',
      text: `The ${field} of the linked credential was altered or moved in the database, or its key is not the right one`,
      credential_ids: [credential_id],
    });
  }
}
