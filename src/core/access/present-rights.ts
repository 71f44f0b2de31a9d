import { Injectable, type OnModuleInit } from '@nestjs/common';
import { StaleRowError } from '../context/errors.js';
import { renewActor } from '../context/request-context.js';
import { Units } from '../database/units.js';

/**
 * What a request writes is decided by the rights of the moment in which it writes: it may have waited behind others, and
 * whoever disables a user, or ends a login, counts on nothing being done in that name from then on. What began with
 * other rights runs anew. What would outlive the user (tokens, other users) locks the user's row besides.
 */
@Injectable()
export class PresentRights implements OnModuleInit {
  constructor(private readonly units: Units) {}

  onModuleInit(): void {
    this.units.beforeFirstChange(() => this.renew());
  }

  private async renew(): Promise<void> {
    if (!(await renewActor())) throw new StaleRowError('The rights of the caller have changed');
  }
}
