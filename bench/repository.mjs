/**
 * A point read by Rows (statements from the declared fields) beside the same by TypeORM's repository, on SQLite, in one
 * process, alternating: `node bench/repository.mjs`. Prints microseconds for each read, and the ratio.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loaded } from './modules.mjs';

const ROWS = 1_000;
const READS = 5_000;
const ROUNDS = 5;
const sources = [
  'application', 'core/config/load-settings', 'core/context/logger', 'core/context/request-context',
  'core/context/actor', 'core/table/rows', 'directory/sites/site.entity', 'directory/sites/sites.service',
  'directory/clients/clients.service',
].map(name => `src/${name}.ts`); // prettier-ignore

const data = await mkdtemp(join(tmpdir(), 'opskeep-bench-'));
const load = await loaded(sources);
const [{ openContext }, { loadSettings }, { Logger }, { runAs }, { systemActor }, { Rows }, { Site }, { SitesService }, { ClientsService }] =
  await Promise.all(sources.map(load)); // prettier-ignore
const { settings } = loadSettings({ NODE_ENV: 'test', OPSKEEP_DATA: data, LOG_LEVEL: 'error' }, data);
const { app, opened } = await openContext(settings, Logger.create(settings));
const median = numbers => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

try {
  const rows = app.get(Rows, { strict: false });
  const sites = app.get(SitesService, { strict: false });
  const ids = await runAs(systemActor('bench'), async () => {
    const client = await app.get(ClientsService, { strict: false }).create({ name: 'Bench' });
    const made = [];
    for (let n = 0; n < ROWS; n++)
      made.push((await sites.create({ client_id: client.id, name: `site ${n}` })).id);
    return made;
  });
  const repository = opened.database.dataSource.getRepository(Site);
  const reads = {
    rows: id => rows.findOne(Site, { id }),
    repository: id => repository.findOneBy({ id }),
  };
  const times = { rows: [], repository: [] };
  for (let round = 0; round <= ROUNDS; round++)
    for (const [name, read] of Object.entries(reads)) {
      const began = performance.now();
      for (let n = 0; n < READS; n++) await read(ids[n % ROWS]);
      if (round > 0) times[name].push(((performance.now() - began) / READS) * 1000);
    }
  const [own, typeorm] = [median(times.rows), median(times.repository)];
  console.log(
    `rows ${own.toFixed(0)} µs, repository ${typeorm.toFixed(0)} µs: ${(typeorm / own).toFixed(1)} times`,
  );
} finally {
  await app.close();
  await opened.close();
  await rm(data, { recursive: true, force: true });
}
