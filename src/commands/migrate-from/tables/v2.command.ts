import { Option, SubCommand } from 'nest-commander';
import { UsageError } from '../../../failure.js';
import { earlierPoolKey } from '../../../formats/earlier-value.js';
import { pairsOf } from '../../bringing/pairs.js';
import { Installation } from '../../installation.js';
import type { EarlierDatabase } from '../source/earlier-database.js';
import { TableCommand, type TableOptions } from './table.command.js';
import { UserKeys } from './user-keys.js';

const USER = { option: '--user', form: 'id=email', example: '7=ada@example.com', sign: 'first' } as const;

interface Options extends TableOptions {
  keysTable?: string;
  keysUserColumn?: string;
  keysColumn?: string;
  salt?: string;
  user?: string[];
}

@SubCommand({
  name: 'v2',
  arguments: '[file]',
  argsDescription: { file: 'the database, where it is a file of SQLite' },
  description: 'Brings credentials of a database whose values (v2:…) were encrypted under a key of each user',
})
export class V2Command extends TableCommand {
  constructor(installation: Installation) {
    super(installation);
  }

  async run([file]: string[], options: Options): Promise<void> {
    const users = pairsOf(USER, options.user ?? []);
    const masterKey = this.keyOf(await this.keyText(options, undefined));
    const pool = options.salt === undefined ? undefined : earlierPoolKey(masterKey, options.salt);
    const table = {
      table: options.keysTable ?? 'user_keys',
      user: options.keysUserColumn ?? 'user_id',
      wrapped: options.keysColumn ?? 'wrapped_key',
    };
    const keysOf = (database: EarlierDatabase) => UserKeys.read(database, table, masterKey, pool);
    await this.migrate({ ...options, users }, () => this.tables(file, options, 'v2', keysOf));
  }

  @Option({ flags: '--keys-table <name>', description: 'the table of the wrapped keys (user_keys)' })
  protected parseKeysTable(value: string): string {
    return value;
  }

  @Option({ flags: '--keys-user-column <name>', description: 'whose a wrapped key is (user_id)' })
  protected parseKeysUserColumn(value: string): string {
    return value;
  }

  @Option({ flags: '--keys-column <name>', description: 'the wrapped key (wrapped_key)' })
  protected parseKeysColumn(value: string): string {
    return value;
  }

  @Option({ flags: '--salt <text>', description: 'the salt of the key of what belongs to no user' })
  protected parseSalt(value: string): string {
    if (value === '') throw new UsageError('--salt must not be empty.');
    return value;
  }

  @Option({ flags: '--user <id=email>', description: 'who a user of the source is here, as often as needed' })
  protected parseUser(value: string, before: unknown): string[] {
    return [...(Array.isArray(before) ? (before as string[]) : []), value];
  }

  @Option({ flags: '--owner <email>', description: 'who owns what belongs to other users of the source' })
  protected parseOwner(value: string): string {
    return value;
  }
}
