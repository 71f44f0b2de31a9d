import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Logger } from '../../../core/context/logger.js';
import { EventBus, type Events } from '../../../core/events/events.js';
// The types of the events are declared there.
import type {} from '../../vault-events.js';
import { IncidentsService } from '../incidents.service.js';
import { Gathered } from './gathered.js';

type ManyGuesses = Events['vault.many_guesses'];

/** How long what goes on and on is gathered, in milliseconds. */
const PAUSE = 600_000;

/** An access token with which very much is written that looks like passwords may have been found by somebody who tries them. */
@Injectable()
export class GuessWatch implements OnModuleInit, OnApplicationShutdown {
  private readonly guessed: Gathered<ManyGuesses>;

  constructor(
    private readonly events: EventBus,
    private readonly incidents: IncidentsService,
    logger: Logger,
  ) {
    this.guessed = new Gathered(
      PAUSE,
      facts => this.raise(facts),
      error => logger.error({ err: error }, 'an incident could not be opened'),
    );
  }

  onModuleInit(): void {
    this.events.on('vault.many_guesses', fact => this.guessed.add(fact.actor_id, fact));
  }

  onApplicationShutdown(): Promise<void> {
    return this.guessed.close();
  }

  private async raise(facts: ManyGuesses[]): Promise<void> {
    const [fact] = facts;
    if (!fact) return;
    const tokens = [...new Set(facts.map(one => one.token_name))].join(', ');
    await this.incidents.raise({
      key: `many_guesses:${fact.actor_id}`,
      suspect_id: fact.actor_id,
      incident_type: 'unauthorized_access',
      severity: 'low',
      title: `Much that looks like passwords was written with an access token of ${fact.actor_name}`,
      text:
        `${facts.length} requests with the access token ${tokens} held more of it than is compared with secrets in an ` +
        'hour: somebody tries passwords, or conversations are imported',
    });
  }
}
