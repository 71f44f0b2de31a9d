import { Option } from 'nest-commander';
import { collect } from '../../command.js';
import { pairsOf } from '../../bringing/pairs.js';
import { MigrationCommand, type MigrationOptions } from '../migration.command.js';
import type { EarlierDatabase } from '../source/earlier-database.js';
import { openSource, type SourceOptions } from '../source/open-source.js';
import type { TableChoices, TableSystem } from './table-system.js';
import { type ValueKeys, Values } from './value-keys.js';

const COLUMN = {
  option: '--column',
  form: 'name=field',
  example: 'title=service_name',
  sign: 'last',
} as const;

export interface TableOptions extends MigrationOptions, SourceOptions {
  table?: string;
  clientsTable?: string;
  historyTable?: string;
  idColumn?: string;
  clientColumn?: string;
  userColumn?: string;
  credentialColumn?: string;
  column?: string[];
  leaveOut?: string[];
}

/** What the ways in from tables have in common: how these and their columns are called. */
export abstract class TableCommand extends MigrationCommand {
  private choices(kind: string, options: TableOptions): TableChoices {
    return {
      kind,
      label: options.source ?? '',
      renamed: pairsOf(COLUMN, options.column ?? []),
      leftOut: new Set(options.leaveOut),
      names: {
        credentials: options.table ?? 'credentials',
        clients: options.clientsTable ?? null,
        history: options.historyTable ?? null,
        id: options.idColumn ?? 'id',
        client: options.clientColumn ?? 'client_id',
        user: options.userColumn ?? 'user_id',
        credential: options.credentialColumn ?? 'credential_id',
      },
    };
  }

  /** Opens the database and its tables, with what opens their values. */
  protected async tables(
    file: string | undefined,
    options: TableOptions,
    kind: string,
    keysOf: (database: EarlierDatabase) => Promise<ValueKeys> | ValueKeys,
  ): Promise<TableSystem> {
    const { TableSystem } = await import('./table-system.js');
    const choices = this.choices(kind, options);
    const database = await openSource(file, options);
    try {
      const values = new Values(await keysOf(database), options.plaintext === true);
      return await TableSystem.open(database, choices, values);
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  @Option({ flags: '--plaintext', description: 'takes secrets that nobody has encrypted as they are' })
  protected parsePlaintext(): boolean {
    return true;
  }

  @Option({
    flags: '--database-url-file <file>',
    description: 'holds mysql://user:password@host:port/name of MariaDB or MySQL',
  })
  protected parseUrlFile(value: string): string {
    return value;
  }

  @Option({
    flags: '--database-url-env <name>',
    description: 'the variable of the environment that holds it',
  })
  protected parseUrlEnv(value: string): string {
    return value;
  }

  @Option({
    flags: '--database-ca <file>',
    description: 'the authority of its certificate: the connection is encrypted then',
  })
  protected parseCa(value: string): string {
    return value;
  }

  @Option({ flags: '--table <name>', description: 'the table of the credentials (credentials)' })
  protected parseTable(value: string): string {
    return value;
  }

  @Option({
    flags: '--clients-table <name>',
    description: 'the table of the clients (clients, if there is one)',
  })
  protected parseClientsTable(value: string): string {
    return value;
  }

  @Option({
    flags: '--history-table <name>',
    description: 'the table of the audit entries (credential_audit_log, if there is one)',
  })
  protected parseHistoryTable(value: string): string {
    return value;
  }

  @Option({ flags: '--id-column <name>', description: 'what names a row in each table (id)' })
  protected parseId(value: string): string {
    return value;
  }

  @Option({ flags: '--client-column <name>', description: 'the client of a credential (client_id)' })
  protected parseClientColumn(value: string): string {
    return value;
  }

  @Option({ flags: '--user-column <name>', description: 'the user of a credential (user_id)' })
  protected parseUserColumn(value: string): string {
    return value;
  }

  @Option({
    flags: '--credential-column <name>',
    description: 'the credential of an audit entry (credential_id)',
  })
  protected parseCredentialColumn(value: string): string {
    return value;
  }

  @Option({
    flags: '--column <name=field>',
    description: 'what a column of the credentials is called here, as often as needed',
  })
  protected parseColumn(value: string, before: unknown): string[] {
    return [...(Array.isArray(before) ? (before as string[]) : []), value];
  }

  @Option({
    flags: '--leave-out <names>',
    description: 'columns of the credentials that nothing is brought of, with commas or as often as needed',
  })
  protected parseLeaveOut(value: string, before: unknown): string[] {
    return collect(value, before);
  }
}
