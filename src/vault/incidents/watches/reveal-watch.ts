import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Logger } from '../../../core/context/logger.js';
import { EventBus, type Events } from '../../../core/events/events.js';
// The types of the events are declared there.
import type {} from '../../vault-events.js';
import { IncidentsService } from '../incidents.service.js';
import { Gathered } from './gathered.js';

type MassReveal = Events['vault.mass_reveal'];

/** How long further reveals of a series are gathered, in milliseconds. */
const PAUSE = 10_000;
/** Linked in one unit. */
const BATCH = 1_000;

/** Somebody who reveals unusually much, and a secret that does not open, are incidents. */
@Injectable()
export class RevealWatch implements OnModuleInit, OnApplicationShutdown {
  private readonly revealed: Gathered<MassReveal>;

  constructor(
    private readonly events: EventBus,
    private readonly incidents: IncidentsService,
    logger: Logger,
  ) {
    this.revealed = new Gathered(
      PAUSE,
      facts => this.massReveal(facts),
      error => logger.error({ err: error }, 'an incident could not be opened'),
    );
  }

  onModuleInit(): void {
    this.events.on('vault.mass_reveal', fact => this.revealed.add(fact.actor_id, fact));
    this.events.on('vault.opening_failed', fact => this.openingFailed(fact));
  }

  onApplicationShutdown(): Promise<void> {
    return this.revealed.close();
  }

  /** Adds what was gathered to the incidents at once. */
  flush(): Promise<void> {
    return this.revealed.flush();
  }

  /** Of one actor, in order: all of what was revealed is linked, also what comes after the incident was opened. */
  private async massReveal(facts: MassReveal[]): Promise<void> {
    const last = facts.at(-1);
    if (!last) return;
    const { actor_id, actor_name, total } = last;
    const ids = [...new Set(facts.flatMap(one => one.credential_ids))];
    const text =
      total === ids.length
        ? `${actor_name} revealed ${total} different credentials within a short time`
        : `${actor_name} revealed ${ids.length} more credentials, ${total} within a short time`;
    for (let from = 0; from < ids.length; from += BATCH)
      await this.incidents.raise({
        key: `mass_reveal:${actor_id}`,
        suspect_id: actor_id,
        incident_type: 'unauthorized_access',
        severity: 'high',
        title: `Many secrets revealed by ${actor_name}`,
        text,
        credential_ids: ids.slice(from, from + BATCH),
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
