import { SubCommand } from 'nest-commander';
import { print, printNotice } from '../output.js';
import { PasswordCommand, PasswordOptions } from './password-options.js';
import { generatePassword, Users } from './users.js';

@SubCommand({
  name: 'reset-password',
  arguments: '<email>',
  description:
    'Sets a password, ends every login and a lock; without a password one is generated and shown this once',
})
export class ResetPasswordCommand extends PasswordCommand {
  constructor(private readonly users: Users) {
    super();
  }

  async run([email = '']: string[], options: PasswordOptions): Promise<void> {
    const chosen = await this.readPassword(options);
    const password = chosen ?? generatePassword();
    const user = await this.users.run(this.path, async users => {
      const { id } = await users.byEmail(email);
      return users.update(id, { password });
    });
    if (!chosen) printNotice('The password was generated; it is shown this once');
    const shown = chosen ? { email: user.email } : { email: user.email, password };
    print(options.json, shown, () => (chosen ? `${user.email} has a new password` : password));
  }
}
