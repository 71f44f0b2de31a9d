import { Units } from '../../src/core/database/units.js';
import type { TestApp } from '../app.js';

/** A table of a test's own in the main database: `counters` with rows a, b and c at 0, and `marks`. */
export async function makeScratch(t: TestApp): Promise<void> {
  const { dataSource } = t.opened.database;
  const engine = t.opened.database.dialect === 'mariadb' ? ' ENGINE=InnoDB' : '';
  await dataSource.query(`CREATE TABLE counters (id varchar(10) PRIMARY KEY, n integer NOT NULL)${engine}`);
  await dataSource.query(`CREATE TABLE marks (id varchar(40) PRIMARY KEY)${engine}`);
  for (const id of ['a', 'b', 'c'])
    await dataSource.query(`INSERT INTO counters (id, n) VALUES ('${id}', 0)`);
}

/** What units do in these tests. */
export function scratchOf(t: TestApp) {
  const units = t.app.get(Units);
  return {
    units,
    mark: (id: string) => units.sql.change('INSERT INTO marks (id) VALUES (?)', [id]),
    add: (id: string) => units.sql.change('UPDATE counters SET n = n + 1 WHERE id = ?', [id]),
    /** As the running unit sees them; or what is committed, outside of one. */
    marksHere: async () =>
      (await units.sql.select<{ id: string }>('SELECT id FROM marks ORDER BY id')).map(one => one.id),
    /** What is committed. */
    marks: async () => (await t.sql<{ id: string }>('SELECT id FROM marks ORDER BY id')).map(one => one.id),
    counter: async (id: string) =>
      Number((await t.sql<{ n: number }>('SELECT n FROM counters WHERE id = ?', [id]))[0]?.n),
    forget: () =>
      units.run(async () => {
        await units.sql.change('DELETE FROM marks');
        await units.sql.change('UPDATE counters SET n = 0');
      }),
  };
}

/** A promise that is resolved from outside. */
export function latch(): { opened: Promise<void>; open: () => void } {
  let open!: () => void;
  const opened = new Promise<void>(resolve => (open = resolve));
  return { opened, open };
}
