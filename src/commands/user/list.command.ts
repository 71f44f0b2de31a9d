import { SubCommand } from 'nest-commander';
import { Command } from '../command.js';
import { print, table } from '../output.js';
import { Users } from './users.js';

const PAGE = 1000;
const HEAD = ['email', 'name', 'scopes', 'clients', 'active', 'second factor', 'last login', 'id'];

@SubCommand({ name: 'list', description: 'Lists the users' })
export class ListUsersCommand extends Command {
  constructor(private readonly users: Users) {
    super();
  }

  async run(_args: string[], { json }: { json?: boolean }): Promise<void> {
    const all = await this.users.run(this.path, async users => {
      const found = [];
      for (let cursor: string | null | undefined; cursor !== null;) {
        const page = await users.list({ limit: String(PAGE), sort: 'id', ...(cursor ? { cursor } : {}) });
        found.push(...page.items);
        cursor = page.next;
      }
      return found;
    });
    const yes = (value: boolean) => (value ? 'yes' : 'no');
    const rows = all.map(one => [
      one.email,
      one.name,
      one.scopes.join(' '),
      one.client_access === 'all' ? 'all' : `${one.client_access} ${one.client_ids.length}`,
      yes(one.is_active),
      yes(one.totp_enrolled),
      one.last_login_at ?? '-',
      one.id,
    ]);
    print(json, all, () => table(HEAD, rows));
  }
}
