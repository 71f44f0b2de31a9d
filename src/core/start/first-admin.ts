import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { systemActor } from '../context/actor.js';
import { UsersService } from '../access/users.service.js';
import { AppSettings } from '../config/settings.js';
import { Units } from '../database/units.js';
import { runAs } from '../context/request-context.js';
import { ConflictError, ValidationError } from '../context/errors.js';

/** Whom to log in as after the first start; `password` only when it was made here. */
export interface FirstAdmin {
  email: string;
  password: string | undefined;
}

/**
 * Makes the first administrator while nobody has ever been one. Others may be there before, as those of the demo are; an
 * administrator who is disabled counts, so that nobody gets into an installation by disabling its administrators.
 */
@Injectable()
export class FirstAdminMaker {
  constructor(
    private readonly settings: AppSettings,
    private readonly units: Units,
    private readonly users: UsersService,
  ) {}

  async make(): Promise<FirstAdmin | undefined> {
    const known = `SELECT id FROM users WHERE scopes LIKE '%"msp:admin"%' LIMIT 1`;
    if ((await this.units.sql.select(known)).length > 0) return undefined;
    const email = this.settings.OPSKEEP_ADMIN_EMAIL;
    const given = this.settings.OPSKEEP_ADMIN_PASSWORD?.reveal();
    const password = given ?? randomBytes(15).toString('base64url');
    const scopes = ['msp:read', 'msp:write', 'msp:admin'];
    try {
      await runAs(systemActor('first start'), () =>
        this.users.create({ email, name: 'Administrator', scopes, password }),
      );
    } catch (error) {
      // Another server of the same installation was faster.
      if (error instanceof ConflictError) return undefined;
      if (error instanceof ValidationError)
        throw new Error(error.message.replace(/^\w+/, field => `OPSKEEP_ADMIN_${field.toUpperCase()}`));
      throw error;
    }
    return { email, password: given ? undefined : password };
  }
}
