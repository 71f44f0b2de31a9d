import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { query } from './query.js';

const rootUrl = () => process.env.OPSKEEP_TEST_MARIADB_URL ?? '';
export const asRoot = (statement: string) => query(rootUrl(), statement);

/** Two databases of MariaDB with an account each, made with the statements of docs/server.md. */
export class DocumentedAccounts {
  /** Of the main database, and of its account; the keystore's have `_keys` behind it. */
  readonly name = `opskeep${randomBytes(4).toString('hex')}`;
  readonly account = `'${this.name}'@'127.0.0.1'`;
  readonly keysAccount = `'${this.name}_keys'@'127.0.0.1'`;
  private readonly passwords = ['CANARY p@ss/w:rd?#%41', 'CANARY other'];

  /** The statements of the page, with names and passwords of this test. */
  statements(): string[] {
    const block = /```sql\n([\s\S]*?)```/.exec(readFileSync('docs/server.md', 'utf8'))?.[1] ?? '';
    return block
      .replace(/^--.*$/gm, '')
      .replaceAll('opskeep', this.name)
      .replace("'<password>'", () => `'${this.passwords[0]}'`)
      .replace("'<other password>'", () => `'${this.passwords[1]}'`)
      .split(';')
      .map(one => one.trim())
      .filter(Boolean);
  }

  async make(): Promise<void> {
    for (const one of this.statements()) await asRoot(one);
  }

  async drop(): Promise<void> {
    for (const name of [this.name, `${this.name}_keys`]) {
      await asRoot(`DROP DATABASE IF EXISTS ${name}`);
      await asRoot(`DROP USER IF EXISTS '${name}'@'127.0.0.1'`);
    }
  }

  /** Settings that open the databases with their accounts. */
  settings(): { DATABASE_URL: string; KEYSTORE_DATABASE_URL: string } {
    const { host } = new URL(rootUrl());
    const url = (name: string, password = '') =>
      `mysql://${name}:${encodeURIComponent(password)}@${host}/${name}`;
    return {
      DATABASE_URL: url(this.name, this.passwords[0]),
      KEYSTORE_DATABASE_URL: url(`${this.name}_keys`, this.passwords[1]),
    };
  }
}
