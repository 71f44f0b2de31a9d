import { resolve } from 'node:path';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2';
import { UsageError } from '../../../failure.js';
import { readBoundedText } from '../../../formats/bounded-input.js';
import { decodeUtf8 } from '../../../formats/utf8.js';
import { type CellsOfRow, cellsOf, type EarlierDatabase, selected } from './earlier-database.js';

const quoted = (name: string) => `\`${name.replaceAll('`', '``')}\``;
/** Seconds that the server waits while what was read is converted. */
const PATIENCE_SECONDS = 86_400;

/** A database of MariaDB or MySQL, read in one transaction that can write nothing. */
export class MariadbSource implements EarlierDatabase {
  private constructor(private readonly connection: Connection) {}

  /**
   * @param url `mysql://user:password@host:port/name`; it is in no message
   * @param ca file of the authority that has signed the server's certificate: with it the connection is encrypted
   */
  static async open(url: string, ca?: string): Promise<MariadbSource> {
    const { host, port, user, password, database } = partsOf(url);
    const ssl = ca === undefined ? undefined : { ca: await readBoundedText(resolve(ca), ca) };
    const connection = createConnection({ host, port, user, password, database, ssl, charset: 'utf8mb4' });
    const source = new MariadbSource(connection);
    try {
      await source.select(`SET SESSION net_write_timeout = ${PATIENCE_SECONDS}, time_zone = '+00:00'`);
      await source.select('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ');
      await source.select('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
      return source;
    } catch (error) {
      connection.destroy();
      const { code = 'error' } = error as { code?: string };
      throw new UsageError(`The earlier database at ${host}:${port} cannot be read (${code})`);
    }
  }

  async tables(): Promise<string[]> {
    const text =
      'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1';
    return (await this.select(text)).map(one => String(one.name));
  }

  async columns(table: string): Promise<string[]> {
    const text =
      'SELECT column_name AS name FROM information_schema.columns ' +
      'WHERE table_schema = DATABASE() AND table_name = ? ORDER BY ordinal_position';
    return (await this.select(text, [table])).map(one => String(one.name));
  }

  async count(table: string): Promise<number> {
    const [row] = await this.select(`SELECT count(*) AS n FROM ${quoted(table)}`);
    return Number(row?.n);
  }

  async *rows(table: string, columns: string[], order: string): AsyncGenerator<CellsOfRow> {
    const what = selected(columns, quoted, name => `OCTET_LENGTH(${quoted(name)})`);
    const found = this.connection
      .query({
        sql: `SELECT ${what} FROM ${quoted(table)} ORDER BY ${quoted(order)}`,
        // Whatever its type, as the bytes that the server writes.
        typeCast: column => column.buffer(),
      })
      .stream({ highWaterMark: 50 });
    for await (const row of found)
      yield cellsOf(
        columns,
        row as Record<string, unknown>,
        flag => (flag as Buffer | null)?.toString() === '1',
      );
  }

  textOf(bytes: Buffer): string {
    return decodeUtf8(bytes);
  }

  close(): Promise<void> {
    return new Promise(done => this.connection.end(() => done()));
  }

  private select(text: string, values: string[] = []): Promise<RowDataPacket[]> {
    return new Promise((done, failed) =>
      this.connection.query(text, values, (error, rows) => {
        if (error) failed(error);
        else done(Array.isArray(rows) ? (rows as RowDataPacket[]) : []);
      }),
    );
  }
}

/** @throws UsageError for anything but the address of a database */
function partsOf(text: string) {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const database = url && decodeURIComponent(url.pathname.slice(1));
  if (!url || !/^(mysql|mariadb):$/.test(url.protocol) || !url.hostname || !database)
    throw new UsageError('The earlier database is told as mysql://user:password@host:port/name');
  const [user, password] = [url.username, url.password].map(decodeURIComponent);
  return { host: url.hostname, port: Number(url.port || 3306), user, password, database };
}
