import { Injectable, OnModuleInit } from '@nestjs/common';
// The type of the event is declared there.
import type {} from '../../../core/access/login/auth.service.js';
import { EventBus, type Events } from '../../../core/events/events.js';
import { IncidentsService } from '../incidents.service.js';

/** Many failed logins for one user open an incident, once while an unresolved one exists. */
@Injectable()
export class BruteForceWatch implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly incidents: IncidentsService,
  ) {}

  onModuleInit(): void {
    this.events.on('auth.brute_force', fact => this.raise(fact));
  }

  private async raise({ user_id, email, failures, ip }: Events['auth.brute_force']): Promise<void> {
    await this.incidents.raise({
      key: `brute_force:${user_id}`,
      incident_type: 'brute_force',
      severity: 'medium',
      title: `Brute force against ${email}`,
      text: `${failures} failed logins in a row for ${email}, the last one from ${ip ?? 'an unknown address'}`,
    });
  }
}
