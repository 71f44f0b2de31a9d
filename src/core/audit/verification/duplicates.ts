import type { Sql } from '../../database/sql.js';
import { entryFault, type JournalFault } from './verification.js';

const MOST = 100;

/** Ids and places are unique by an index; whoever took it away may have written one twice. */
export async function duplicates(sql: Sql): Promise<JournalFault[]> {
  const found: JournalFault[] = [];
  for (const name of ['id', 'seq']) if (!(await isUnique(sql, name))) found.push(...(await twice(sql, name)));
  return found;
}

async function twice(sql: Sql, name: string): Promise<JournalFault[]> {
  const rows = await sql.select(
    `SELECT journal.n, journal.seq, journal.id, journal.at FROM journal JOIN (SELECT ${name}, MIN(n) AS first FROM journal ` +
      `WHERE ${name} IS NOT NULL GROUP BY ${name} HAVING COUNT(*) > 1) AS twice ` +
      `ON twice.${name} = journal.${name} AND journal.n > twice.first ORDER BY journal.n LIMIT ${MOST}`,
  );
  const says = `has the ${name === 'id' ? 'id' : 'place'} of an entry before it`;
  return rows.map(entry => entryFault('duplicate', entry, says));
}

async function isUnique(sql: Sql, name: string): Promise<boolean> {
  const index = `uq_journal_${name}`;
  const found =
    sql.dialect === 'sqlite'
      ? await sql.select("SELECT name FROM sqlite_master WHERE type = 'index' AND name = ?", [index])
      : await sql.select(
          'SELECT index_name FROM information_schema.statistics WHERE table_schema = DATABASE() ' +
            "AND table_name = 'journal' AND index_name = ? AND non_unique = 0",
          [index],
        );
  return found.length > 0;
}
