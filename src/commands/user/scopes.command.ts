import { SubCommand } from 'nest-commander';
import { collect, Command } from '../command.js';
import { print } from '../output.js';
import { Users } from './users.js';

@SubCommand({
  name: 'scopes',
  arguments: '<email> [scopes...]',
  description:
    'Shows or replaces the scopes of a user (msp:read, msp:write, msp:admin); replacing ends every login',
})
export class UserScopesCommand extends Command {
  constructor(private readonly users: Users) {
    super();
  }

  async run([email = '', ...given]: string[], { json }: { json?: boolean }): Promise<void> {
    const wanted = given.reduce<string[]>((before, value) => collect(value, before), []);
    const changes = wanted.length > 0 ? await this.users.checked('update', { scopes: wanted }) : undefined;
    const { scopes } = await this.users.run(this.path, async users => {
      const user = await users.byEmail(email);
      return changes ? users.update(user.id, { ...changes }) : user;
    });
    print(json, { email, scopes }, () => scopes.join('\n'));
  }
}
