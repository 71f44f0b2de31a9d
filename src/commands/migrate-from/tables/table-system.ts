import type { EarlierHistory, EarlierRow, EarlierSystem, Seen } from '../earlier-rows.js';
import { columnsOf, type EarlierDatabase, requireColumn } from '../source/earlier-database.js';
import { countOf, rowsOf } from '../source/told-rows.js';
import { clientRow } from './client-row.js';
import { type ColumnsOfTable, credentialRow } from './credential-row.js';
import { TableRow } from './table-row.js';
import type { Values } from './value-keys.js';

/** How the tables of an earlier system are called; those that are null may be absent. */
export interface TableNames {
  credentials: string;
  clients: string | null;
  history: string | null;
  /** The column that names a row, in each of them. */
  id: string;
  /** Of credentials. */
  client: string;
  user: string;
  /** Of the history. */
  credential: string;
}

export interface TableChoices {
  kind: string;
  label: string;
  names: TableNames;
  renamed: ReadonlyMap<string, string>;
  leftOut: ReadonlySet<string>;
}

const USUAL = { clients: 'clients', history: 'credential_audit_log' };

interface Table extends ColumnsOfTable {
  name: string;
  rows: number;
}

/** Clients, credentials and audit entries in tables of a database. */
export class TableSystem implements EarlierSystem {
  readonly warnings: string[] = [];

  private constructor(
    private readonly database: EarlierDatabase,
    private readonly choices: TableChoices,
    private readonly values: Values,
    private readonly tables: { clients?: Table; credentials: Table; history?: Table },
  ) {}

  /** @throws UsageError for tables and columns that are not there */
  static async open(database: EarlierDatabase, choices: TableChoices, values: Values): Promise<TableSystem> {
    const { names } = choices;
    const table = async (name: string, option: string, placing: string[]): Promise<Table> => {
      const columns = await columnsOf(database, name, option);
      requireColumn(name, columns, names.id, '--id-column');
      const { renamed, leftOut } = choices;
      const placed = new Set([names.id, 'created_at', 'updated_at', ...placing]);
      return { name, columns, renamed, leftOut, placing: placed, rows: await countOf(database, name) };
    };
    const optional = async (kind: 'clients' | 'history', option: string, placing: string[]) => {
      const name = names[kind];
      if (name === null && (await database.columns(USUAL[kind])).length === 0) return undefined;
      return table(name ?? USUAL[kind], option, placing);
    };
    const credentials = await table(names.credentials, '--table', [names.client, names.user]);
    const unknown = [...choices.renamed.keys(), ...choices.leftOut].filter(
      one => !credentials.columns.includes(one),
    );
    if (unknown[0] !== undefined)
      requireColumn(names.credentials, credentials.columns, unknown[0], '--column, --leave-out');
    const clients = await optional('clients', '--clients-table', []);
    const history = await optional('history', '--history-table', []);
    if (history) requireColumn(history.name, history.columns, names.credential, '--credential-column');
    return new TableSystem(database, choices, values, { clients, credentials, history });
  }

  get kind(): string {
    return this.choices.kind;
  }

  get label(): string {
    return this.choices.label;
  }

  get totals() {
    const { clients, credentials, history } = this.tables;
    return { clients: clients?.rows ?? 0, credentials: credentials.rows, history: history?.rows ?? 0 };
  }

  async *clients(seen: Seen): AsyncGenerator<EarlierRow> {
    const { clients } = this.tables;
    if (!clients) return;
    for await (const row of this.rowsOf(clients)) yield await clientRow(row, clients, seen);
  }

  async *credentials(seen: Seen): AsyncGenerator<EarlierRow> {
    const { credentials } = this.tables;
    const { client, user } = this.choices.names;
    const cell = (row: TableRow, name: string) =>
      credentials.columns.includes(name) ? row.text(name) : null;
    for await (const row of this.rowsOf(credentials))
      yield await credentialRow(
        row,
        { client: cell(row, client), user: cell(row, user) },
        credentials,
        this.values,
        seen,
      );
  }

  async *history(): AsyncGenerator<EarlierHistory> {
    const { history } = this.tables;
    if (!history) return;
    for await (const row of this.rowsOf(history)) {
      const columns = Object.fromEntries(history.columns.map(name => [name, row.text(name)]));
      const credential = columns[this.choices.names.credential] ?? null;
      yield {
        row: row.row,
        named: row.named([], JSON.stringify(columns)),
        credential,
        columns,
        faults: row.faults,
      };
    }
  }

  close(): Promise<void> {
    return this.database.close();
  }

  private async *rowsOf({ name, columns }: Table): AsyncGenerator<TableRow> {
    const { id } = this.choices.names;
    let number = 0;
    for await (const cells of rowsOf(this.database, name, columns, id)) {
      number += 1;
      yield new TableRow(this.database, name, cells, id, number);
    }
  }
}
