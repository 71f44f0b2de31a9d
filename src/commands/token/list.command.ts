import { Option, SubCommand } from 'nest-commander';
import type { AccessToken } from '../../core/access/access-tokens/access-token.entity.js';
import { Command } from '../command.js';
import { Installation } from '../installation.js';
import { print, table } from '../output.js';

const HEAD = ['id', 'name', 'user', 'scopes', 'state', 'expires', 'last used'];

function stateOf({ revoked_at, expires_at, uses_left }: AccessToken): string {
  if (revoked_at !== null) return 'revoked';
  if (Date.parse(expires_at) <= Date.now()) return 'expired';
  return uses_left === 0 ? 'used up' : 'works';
}

@SubCommand({ name: 'list', description: 'Lists the access tokens; never the tokens themselves' })
export class ListTokensCommand extends Command {
  constructor(private readonly installation: Installation) {
    super();
  }

  async run(_args: string[], { json, user }: { json?: boolean; user?: string }): Promise<void> {
    const { tokens, emails } = await this.installation.run(this.path, async app => {
      const { AccessTokensService } =
        await import('../../core/access/access-tokens/access-tokens.service.js');
      const { UsersService } = await import('../../core/access/users.service.js');
      const [service, users] = [app.get(AccessTokensService), app.get(UsersService)];
      const where = user === undefined ? {} : { user_id: (await users.byEmail(user)).id };
      const tokens: AccessToken[] = [];
      for (let cursor: string | null | undefined; cursor !== null;) {
        const page = await service.list({
          ...where,
          limit: '1000',
          sort: 'id',
          ...(cursor ? { cursor } : {}),
        });
        tokens.push(...page.items);
        cursor = page.next;
      }
      const emails = new Map<string, string>();
      for await (const { id, email } of users.all()) emails.set(id, email);
      return { tokens, emails };
    });
    const rows = tokens.map(one => [
      one.id,
      one.name,
      emails.get(one.user_id ?? '') ?? '-',
      one.scopes.join(' '),
      stateOf(one),
      one.expires_at,
      one.last_used_at ?? '-',
    ]);
    print(json, tokens, () => table(HEAD, rows));
  }

  @Option({ flags: '--user <email>', description: 'only those of this user' })
  protected parseUser(value: string): string {
    return value;
  }
}
