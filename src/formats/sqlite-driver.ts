import { createRequire } from 'node:module';
import type BetterSqlite from 'better-sqlite3';

/** better-sqlite3 13 and later are made for this version of Node-API (Node 22.14 and later have it). */
const NODE_API = 10;

/**
 * The package that drives SQLite on this Node. better-sqlite3 12 is compiled against Node's own interface and aborts
 * the process on Node 24.19 and later; 13 crashes where its Node-API is missing. So each runs only where it is sound.
 */
export const SQLITE_PACKAGE =
  Number(process.versions.napi) >= NODE_API ? 'better-sqlite3' : 'better-sqlite3-12';

const MEND =
  SQLITE_PACKAGE === 'better-sqlite3'
    ? 'run "npm ci" with this Node, or install the package of Opskeep again'
    : 'run "npm ci" and then "npm run driver" with this Node, or, beside an installed package of Opskeep, ' +
      '"npm install --global better-sqlite3-12@npm:better-sqlite3@12.11.1"; both compile it ' +
      '(python3, make and g++ are needed)';

let loaded: typeof BetterSqlite | undefined;

/**
 * The driver of SQLite for this Node, loaded when it is first needed: an installation on MariaDB does without.
 *
 * @throws Error when it is not installed (npm passes over the package that does not fit), or not compiled
 */
export function sqliteDriver(): typeof BetterSqlite {
  return (loaded ??= load());
}

function load(): typeof BetterSqlite {
  try {
    const driver = createRequire(import.meta.url)(SQLITE_PACKAGE) as typeof BetterSqlite;
    // The binary is looked for only now.
    new driver(':memory:').close();
    return driver;
  } catch (cause) {
    throw new Error(
      `SQLite needs the package ${SQLITE_PACKAGE} on Node ${process.versions.node}, and it is not there: ${MEND}`,
      { cause },
    );
  }
}

/** Opens a file of SQLite, which is made when it does not exist; or the bytes of one, in memory. */
export function openSqlite(file: string | Buffer, options: BetterSqlite.Options = {}): BetterSqlite.Database {
  return new (sqliteDriver())(file, options);
}
