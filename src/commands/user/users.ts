import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { UsageError } from '../failure.js';
import { ValidationError } from '../../core/context/errors.js';
import { Installation } from '../installation.js';
import type { UsersService } from '../../core/access/users.service.js';
import type { User } from '../../core/access/user.entity.js';

type UserFields = Partial<User>;

/** A password that nobody has chosen: 120 random bits. */
export function generatePassword(): string {
  return randomBytes(15).toString('base64url');
}

/** Opens the installation for commands about users. */
@Injectable()
export class Users {
  constructor(private readonly installation: Installation) {}

  run<T>(command: string, work: (users: UsersService) => Promise<T>): Promise<T> {
    return this.installation.run(command, async app => {
      const { UsersService } = await import('../../core/access/users.service.js');
      return work(app.get(UsersService));
    });
  }

  /** Checks what stood on the command line as the API would. @throws UsageError with every fault */
  async checked(kind: 'create' | 'update', fields: UserFields): Promise<UserFields> {
    const { bodiesOf } = await import('../../core/resource/bodies/bodies.js');
    const { validateBody } = await import('../../core/http/pipes/body.pipe.js');
    const { resourceOf } = await import('../../core/resource/resource.js');
    const { User } = await import('../../core/access/user.entity.js');
    try {
      return await validateBody(bodiesOf(resourceOf(User))[kind], given(fields));
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      throw new UsageError(
        (error.details.errors ?? []).map(one => `${one.field}: ${one.message}`).join('\n'),
      );
    }
  }
}

function given(fields: UserFields): UserFields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
