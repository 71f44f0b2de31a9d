import { SubCommand } from 'nest-commander';
import { Command } from '../command.js';
import { print } from '../output.js';
import { Users } from './users.js';

@SubCommand({
  name: 'reset-totp',
  arguments: '<email>',
  description: 'Takes away the second factor of a user who lost it, and ends every login',
})
export class ResetTotpCommand extends Command {
  constructor(private readonly users: Users) {
    super();
  }

  async run([email = '']: string[], { json }: { json?: boolean }): Promise<void> {
    await this.users.run(this.path, async users => {
      const { id } = await users.byEmail(email);
      await users.resetTotp(id);
    });
    print(json, { email, totp_enrolled: false }, () => `${email} logs in without a second factor now`);
  }
}
