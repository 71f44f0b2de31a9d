import { Option, SubCommand } from 'nest-commander';
import { collect, Command } from '../command.js';
import { checkedBody } from '../checked-body.js';
import { DAY_MS, momentIn } from '../../core/database/values.js';
import { UsageError } from '../../failure.js';
import { Installation } from '../installation.js';
import { print, printNotice } from '../output.js';

interface Options {
  json?: boolean;
  name?: string;
  purpose?: string;
  scopes?: string[];
  resources?: string[];
  credentials?: string[];
  actions?: string[];
  cidrs?: string[];
  maxUses?: number;
  expires?: string;
}

const UNITS: Record<string, number> = { m: 60_000, h: 3_600_000, d: DAY_MS };

@SubCommand({
  name: 'issue',
  arguments: '<email>',
  argsDescription: { email: 'the user whose rights it has a part of' },
  description: 'Issues an access token, and prints it this once',
})
export class IssueTokenCommand extends Command {
  constructor(private readonly installation: Installation) {
    super();
  }

  async run([email = '']: string[], { json, ...options }: Options): Promise<void> {
    const { AccessToken } = await import('../../core/access/access-tokens/access-token.entity.js');
    const issued = await this.installation.run(this.path, async app => {
      const body = await checkedBody(AccessToken, 'create', {
        name: options.name ?? 'command line',
        purpose: options.purpose,
        scopes: options.scopes,
        resources: options.resources,
        credential_ids: options.credentials,
        actions: options.actions,
        cidrs: options.cidrs,
        max_uses: options.maxUses,
        expires_at: options.expires,
      });
      const { AccessTokensService } =
        await import('../../core/access/access-tokens/access-tokens.service.js');
      const { UsersService } = await import('../../core/access/users.service.js');
      const { id: user_id } = await app.get(UsersService).byEmail(email);
      return app.get(AccessTokensService).create({ ...body, user_id });
    });
    printNotice(`The token ${issued.id} is shown this once; it works until ${issued.expires_at}`);
    print(json, issued, () => issued.token ?? '');
  }

  @Option({ flags: '--name <name>', description: 'how the token is called' })
  protected parseName(value: string): string {
    return value;
  }

  @Option({ flags: '--purpose <text>', description: 'what it is for' })
  protected parsePurpose(value: string): string {
    return value;
  }

  @Option({ flags: '--scopes <scopes...>', description: 'of those of the user; msp:read when absent' })
  protected parseScopes(value: string, before: unknown): string[] {
    return collect(value, before);
  }

  @Option({ flags: '--resources <names...>', description: 'paths of resources, and wings; all when absent' })
  protected parseResources(value: string, before: unknown): string[] {
    return collect(value, before);
  }

  @Option({ flags: '--credentials <ids...>', description: 'credentials that it may open; none when absent' })
  protected parseCredentials(value: string, before: unknown): string[] {
    return collect(value, before);
  }

  @Option({ flags: '--actions <actions...>', description: 'reveal, totp' })
  protected parseActions(value: string, before: unknown): string[] {
    return collect(value, before);
  }

  @Option({
    flags: '--cidrs <networks...>',
    description: 'where it may be used from; everywhere when absent',
  })
  protected parseCidrs(value: string, before: unknown): string[] {
    return collect(value, before);
  }

  @Option({ flags: '--max-uses <number>', description: 'how many requests it is good for' })
  protected parseMaxUses(value: string): number {
    if (!/^\d{1,9}$/.test(value)) throw new UsageError('--max-uses must be a whole number.');
    return Number(value);
  }

  @Option({ flags: '--expires <when>', description: 'in 90m, 12h, 30d, or a time; 24h when absent' })
  protected parseExpires(value: string): string {
    const [, count, unit = ''] = /^(\d{1,6})([mhd])$/.exec(value) ?? [];
    return count === undefined ? value : momentIn(Number(count) * (UNITS[unit] ?? 0));
  }
}
