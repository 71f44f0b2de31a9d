import { SubCommand } from 'nest-commander';
import { Command } from '../command.js';
import { UsageError } from '../../failure.js';
import { Installation } from '../installation.js';
import { print } from '../output.js';

@SubCommand({
  name: 'revoke',
  arguments: '<id>',
  argsDescription: { id: 'the id of the token, which `token list` tells' },
  description: 'Revokes an access token at once',
})
export class RevokeTokenCommand extends Command {
  constructor(private readonly installation: Installation) {
    super();
  }

  async run([id = '']: string[], { json }: { json?: boolean }): Promise<void> {
    const { isUuid } = await import('../../core/database/values.js');
    if (!isUuid(id)) throw new UsageError('The id of a token is a UUID; `token list` tells it.');
    await this.installation.run(this.path, async app => {
      const { AccessTokensService } =
        await import('../../core/access/access-tokens/access-tokens.service.js');
      await app.get(AccessTokensService).remove(id.toLowerCase());
    });
    print(json, { id, revoked: true }, () => `${id} is revoked`);
  }
}
