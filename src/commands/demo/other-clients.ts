import type { INestApplicationContext } from '@nestjs/common';
import { ConflictError } from '../../core/context/errors.js';
import { placeholders } from '../../core/database/sql.js';
import { Units } from '../../core/database/units.js';
import { CLIENTS } from './client-rows.js';
import { FIRMS } from './history/firms.js';

/**
 * The demo stands among whatever is there for good, so it does not go to a provider's own data by mistake.
 *
 * @throws ConflictError where clients are that are not of the demo
 */
export async function requireNoOtherClients(app: INestApplicationContext): Promise<void> {
  const names = [...CLIENTS.map(one => String(one.body().name)), ...FIRMS.map(one => one.name)];
  const [row] = await app
    .get(Units)
    .sql.select<{ total: number }>(
      `SELECT COUNT(*) AS total FROM clients WHERE name NOT IN (${placeholders(names.length)})`,
      names,
    );
  const total = Number(row?.total ?? 0);
  if (total > 0)
    throw new ConflictError(
      `There ${total === 1 ? 'is 1 client' : `are ${total} clients`} here that ${total === 1 ? 'is' : 'are'} not of the demo, ` +
        'and nothing takes the demo out again: seed data of its own (OPSKEEP_DATA), or say --yes. Nothing was made',
    );
}
