import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { checkedBody } from '../checked-body.js';
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
    const { User } = await import('../../core/access/user.entity.js');
    return checkedBody(User, kind, fields);
  }
}
