import { Option, SubCommand } from 'nest-commander';
import type { ClientAccess } from '../../core/context/actor.js';
import { collect } from '../command.js';
import { print, printNotice } from '../output.js';
import { PasswordCommand, PasswordOptions } from './password-options.js';
import { generatePassword, Users } from './users.js';

interface Options extends PasswordOptions {
  name?: string;
  scopes?: string[];
  clientAccess?: ClientAccess;
  client?: string[];
}

@SubCommand({
  name: 'add',
  arguments: '<email>',
  argsDescription: { email: 'the address to log in with' },
  description: 'Adds a user; without a password one is generated and shown this once',
})
export class AddUserCommand extends PasswordCommand {
  constructor(private readonly users: Users) {
    super();
  }

  async run([email = '']: string[], options: Options): Promise<void> {
    const chosen = await this.readPassword(options);
    const password = chosen ?? generatePassword();
    const body = await this.users.checked('create', {
      email,
      name: options.name ?? email.split('@')[0],
      scopes: options.scopes,
      client_access: options.clientAccess ?? (options.client ? 'only' : undefined),
      client_ids: options.client,
      password,
    });
    const user = await this.users.run(this.path, users => users.create({ ...body }));
    if (!chosen) printNotice('The password was generated; it is shown this once');
    print(options.json, { ...user, ...(chosen ? {} : { password }) }, () => (chosen ? user.id : password));
  }

  @Option({ flags: '--name <name>', description: 'how the user is called' })
  protected parseName(value: string): string {
    return value;
  }

  @Option({
    flags: '--scopes <scopes...>',
    description: 'msp:read, msp:write, msp:admin; msp:read when absent',
  })
  protected parseScopes(value: string, before: unknown): string[] {
    return collect(value, before);
  }

  @Option({
    flags: '--client-access <which>',
    description: 'all, only or except the clients that --client names',
  })
  protected parseClientAccess(value: string): string {
    return value;
  }

  @Option({ flags: '--client <ids...>', description: 'ids of clients; --client-access is then only' })
  protected parseClient(value: string, before: unknown): string[] {
    return collect(value, before);
  }
}
