import type { Sql } from '../../database/sql.js';
import { nextTurn } from '../../workers/turns.js';
import { entryFault, type JournalFault } from './verification.js';

const MOST = 100;
/** Hex digits of a MAC: as many as a number holds. */
const MARK_DIGITS = 13;
const PARTS = 1024;
const PART_SIZE = 16 ** MARK_DIGITS / PARTS;

/** What an entry is known by: the beginning of its MAC. */
export const markOf = (mac: string) => parseInt(mac.slice(0, MARK_DIGITS), 16);

/**
 * Finds entries that stand there twice. Each has another id, and whoever copies one copies its MAC, or has a MAC that does
 * not fit: so the beginnings of the good ones are kept, 8 bytes for each entry. No index of the database is believed:
 * somebody may have made one of the same name that lets everything pass.
 */
export class Copies {
  private readonly parts = Array.from({ length: PARTS }, () => ({ marks: new Float64Array(8), count: 0 }));

  /** Those of entries whose MAC is good; NaN is none. */
  add(marks: Iterable<number>): void {
    for (const mark of marks) {
      const part = this.parts[Math.floor(mark / PART_SIZE)];
      if (!part) continue;
      if (part.count === part.marks.length) {
        const wider = new Float64Array(2 * part.count);
        wider.set(part.marks);
        part.marks = wider;
      }
      part.marks[part.count++] = mark;
    }
  }

  /** Looks into the database only where there may be some. */
  async faults(scanner: Sql): Promise<JournalFault[]> {
    return (await this.areThere()) ? sameIds(scanner) : [];
  }

  private async areThere(): Promise<boolean> {
    for (const { marks, count } of this.parts) {
      const sorted = marks.subarray(0, count).sort();
      if (sorted.some((mark, n) => n > 0 && mark === sorted[n - 1])) return true;
      await nextTurn();
    }
    return false;
  }
}

/** Entries with the id of one before; from the table itself: a database that believes an index skips what it says. */
async function sameIds(scanner: Sql): Promise<JournalFault[]> {
  const table = scanner.dialect === 'sqlite' ? 'journal NOT INDEXED' : 'journal USE INDEX ()';
  const rows = await scanner.select<{ n: number; id: string }>(
    `SELECT n, seq, id, at FROM ${table} WHERE id IN (SELECT id FROM (SELECT MIN(id) AS id FROM ${table} ` +
      `GROUP BY CONCAT(id, '') HAVING COUNT(*) > 1 LIMIT ${MOST}) AS twice) ORDER BY n`,
  );
  const seen = new Set<string>();
  const later = rows.filter(({ id }) => seen.has(id) || !seen.add(id));
  return later
    .slice(0, MOST)
    .map(entry => entryFault('duplicate', entry, 'has the id of an entry before it'));
}
