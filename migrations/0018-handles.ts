import { createHash } from 'node:crypto';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const INDEX = 'uq_credentials_name_key';
const BATCH = 300;

interface Row {
  id: string;
  name: string;
  client_id: string | null;
  owner_id: string | null;
}
type Scope = readonly [string, string | null];

/** As the application folds texts when this was written. */
function keyOf({ id, name, client_id, owner_id }: Row, perOwner: boolean, isTwin: boolean): string {
  const folded = name.normalize('NFKC').toUpperCase().toLowerCase().replaceAll('ς', 'σ').normalize('NFKC');
  const all: Scope[] = [
    ['client_id', client_id],
    ['owner_id', owner_id],
  ];
  const scope = all.filter(([, value]) => value !== null).slice(0, perOwner ? 2 : 1);
  const said = perOwner && isTwin ? [...scope, ['id', id]] : scope;
  const within = said.length > 1 ? said : (said[0] ?? null);
  return createHash('sha256')
    .update(JSON.stringify(isTwin && !perOwner ? [within, folded, id] : [within, folded]))
    .digest('hex');
}

/**
 * A handle is unique among the credentials of its owner with the same client: a handle that is taken told of
 * credentials that others may not see. Back from there, the later ones of a client have to be named anew when they
 * are named.
 */
export class Handles1763800000180 implements MigrationInterface {
  name = 'Handles1763800000180';

  async up(runner: QueryRunner): Promise<void> {
    await this.rewrite(runner, true);
  }

  async down(runner: QueryRunner): Promise<void> {
    await this.rewrite(runner, false);
  }

  /** Without the index, because a key may be given to one row before another one has lost it. */
  private async rewrite(runner: QueryRunner, perOwner: boolean): Promise<void> {
    const isSqlite = runner.connection.options.type === 'better-sqlite3';
    await runner.query(isSqlite ? `DROP INDEX ${INDEX}` : `DROP INDEX ${INDEX} ON credentials`);
    const rows = (await runner.query(
      'SELECT id, name, client_id, owner_id FROM credentials WHERE name IS NOT NULL ORDER BY id',
    )) as Row[];
    const taken = new Set<string>();
    const keys = rows.map((row): [string, string] => {
      const own = keyOf(row, perOwner, false);
      const key = taken.has(own) ? keyOf(row, perOwner, true) : own;
      taken.add(key);
      return [row.id, key];
    });
    for (let from = 0; from < keys.length; from += BATCH) {
      const some = keys.slice(from, from + BATCH);
      const cases = some.map(() => 'WHEN ? THEN ?').join(' ');
      const ids = some.map(([id]) => id);
      await runner.query(
        `UPDATE credentials SET name_key = CASE id ${cases} END WHERE id IN (${ids.map(() => '?').join(', ')})`,
        [...some.flat(), ...ids],
      );
    }
    await runner.query(`CREATE UNIQUE INDEX ${INDEX} ON credentials (name_key)`);
  }
}
