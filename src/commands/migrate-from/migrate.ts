import type { INestApplicationContext } from '@nestjs/common';
import { NotFoundError } from '../../core/context/errors.js';
import { Conversion } from './convert.js';
import { type Converter, converterOf } from './converter.js';
import type { EarlierSystem } from './earlier-rows.js';
import { Examination } from './examine.js';
import { Places, type Placing } from './place.js';
import { Tally } from './tally.js';

export interface MigrationChoices {
  dryRun?: boolean;
  skipUnreadable?: boolean;
  client?: string;
  owner?: string;
  /** Emails by what users are called at the source. */
  users?: ReadonlyMap<string, string>;
}

export interface Migration {
  kind: string;
  isDryRun: boolean;
  /** Something was unreadable, so that nothing was written. */
  isRefused: boolean;
  tally: Tally;
}

/**
 * Examines an earlier system and then brings its rows. Nothing is written where something is unreadable, unless that is
 * to be skipped, or where the key opens nothing.
 *
 * @throws Error where the key opens none of the values
 */
export async function migrate(
  app: INestApplicationContext,
  system: EarlierSystem,
  choices: MigrationChoices,
  progress: (what: string, done: number, total: number) => void,
): Promise<Migration> {
  const converter = await converterOf(app);
  const placing = await placingOf(app, converter, choices);
  const { units, imported, types } = converter;
  const places = new Places(placing, units, imported, types.Client);
  const tally = new Tally();
  const total = Object.values(system.totals).reduce((sum, one) => sum + one, 0);
  await new Examination(converter, places, tally).examine(system, done => progress('Opened', done, total));
  const { opened, closed } = tally.seen;
  if (opened === 0 && closed > 0)
    throw new Error(
      `The key opens none of the ${closed} encrypted values: it is another one. Nothing was written`,
    );
  const isRefused = tally.faults.length > 0 && !choices.skipUnreadable;
  const isDryRun = choices.dryRun === true;
  if (!isRefused && !isDryRun)
    await new Conversion(converter, places, tally).convert(system, done => progress('Brought', done, total));
  return { kind: system.kind, isDryRun, isRefused, tally };
}

async function placingOf(
  app: INestApplicationContext,
  converter: Converter,
  { client, owner, users = new Map() }: MigrationChoices,
): Promise<Placing> {
  const { UsersService } = await import('../../core/access/users.service.js');
  const service = app.get(UsersService);
  const ids = new Map<string, string>();
  for (const [there, email] of users) ids.set(there, (await service.byEmail(email)).id);
  return {
    client: client === undefined ? null : await clientOf(converter, client),
    users: ids,
    owner: owner === undefined ? null : (await service.byEmail(owner)).id,
  };
}

async function clientOf({ units }: Converter, told: string): Promise<string> {
  const { uniqueKey } = await import('../../core/table/unique-key.js');
  const { isUuid } = await import('../../core/database/values.js');
  const [column, value] = isUuid(told) ? ['id', told.toLowerCase()] : ['name_key', uniqueKey(told.trim())];
  const [found] = await units.sql.select<{ id: string }>(`SELECT id FROM clients WHERE ${column} = ?`, [
    value,
  ]);
  if (!found)
    throw new NotFoundError('There is no client of this name or id: --client names one that is there.');
  return found.id;
}
