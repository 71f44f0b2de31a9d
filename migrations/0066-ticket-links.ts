import { createHash } from 'node:crypto';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumns, dialectOfRunner, dropColumns, text, uniqueName } from '../src/core/database/ddl.js';

const BEFORE = ['system', 'external_ticket_id', 'session_id'];
const WITHIN = ['system', 'session_id', 'client_id'] as const;
const KEY = 'external_ticket_id_key';
const BATCH = 300;

const added = () => [text(KEY, 64).optional()];

interface Link {
  id: string;
  system: string;
  external_ticket_id: string;
  session_id: string | null;
  client_id: string | null;
}

/** As the application makes keys when this was written. */
function keyOf(row: Link): string {
  const scope = WITHIN.flatMap(name => (row[name] === null ? [] : [[name, row[name]]]));
  const folded = row.external_ticket_id.normalize('NFKC').toUpperCase().toLowerCase().replaceAll('ς', 'σ');
  const said = scope.length > 1 ? scope : scope[0];
  return createHash('sha256').update(JSON.stringify([said, folded.normalize('NFKC')])).digest('hex'); // prettier-ignore
}

/** A ticket is linked to a session once, and to a client alone once; what others may not see refuses nothing. */
export class TicketLinks1763800000660 implements MigrationInterface {
  name = 'TicketLinks1763800000660';

  async up(runner: QueryRunner): Promise<void> {
    await addColumns(runner, 'ticket_links', added());
    await fill(runner);
    const index = uniqueName('ticket_links', [KEY]);
    await runner.query(`CREATE UNIQUE INDEX ${index} ON ticket_links (${KEY})`);
    await dropIndex(runner, uniqueName('ticket_links', BEFORE));
  }

  async down(runner: QueryRunner): Promise<void> {
    const index = uniqueName('ticket_links', BEFORE);
    await runner.query(`CREATE UNIQUE INDEX ${index} ON ticket_links (${BEFORE.join(', ')})`);
    await dropIndex(runner, uniqueName('ticket_links', [KEY]));
    await dropColumns(runner, 'ticket_links', added());
  }
}

/** Of rows that are the same, the first has the key; the others keep none until they are changed. */
async function fill(runner: QueryRunner): Promise<void> {
  const columns = ['id', 'external_ticket_id', ...WITHIN].join(', ');
  const taken = new Set<string>();
  for (let last = ''; ;) {
    const rows = (await runner.query(
      `SELECT ${columns} FROM ticket_links WHERE id > ? ORDER BY id LIMIT ${BATCH}`,
      [last],
    )) as Link[];
    const fresh = rows.flatMap((row): [string, string][] => {
      const key = keyOf(row);
      if (taken.has(key)) return [];
      taken.add(key);
      return [[row.id, key]];
    });
    if (fresh.length > 0)
      await runner.query(
        `UPDATE ticket_links SET ${KEY} = CASE id ${fresh.map(() => 'WHEN ? THEN ?').join(' ')} END ` +
          `WHERE id IN (${fresh.map(() => '?').join(', ')})`,
        [...fresh.flat(), ...fresh.map(([id]) => id)],
      );
    last = rows.at(-1)?.id ?? '';
    if (rows.length < BATCH) return;
  }
}

async function dropIndex(runner: QueryRunner, index: string): Promise<void> {
  const where = dialectOfRunner(runner) === 'sqlite' ? '' : ' ON ticket_links';
  await runner.query(`DROP INDEX ${index}${where}`);
}
