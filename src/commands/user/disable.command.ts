import { SubCommand } from 'nest-commander';
import { Command } from '../command.js';
import { print } from '../output.js';
import { Users } from './users.js';

@SubCommand({
  name: 'disable',
  arguments: '<email>',
  description: 'Disables a user and ends every login; the last administrator stays',
})
export class DisableUserCommand extends Command {
  constructor(private readonly users: Users) {
    super();
  }

  async run([email = '']: string[], { json }: { json?: boolean }): Promise<void> {
    const user = await this.users.run(this.path, async users => {
      const { id } = await users.byEmail(email);
      return users.update(id, { is_active: false });
    });
    print(json, user, () => `${user.email} is disabled`);
  }
}
