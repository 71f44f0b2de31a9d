import type { INestApplicationContext } from '@nestjs/common';
import { CustomFieldDefinition } from '../../core/custom-fields/definition.entity.js';
import { ConflictError } from '../../core/context/errors.js';
import { Units } from '../../core/database/units.js';
import { Rows } from '../../core/table/rows.js';
import { demoRows } from './demo-rows.js';
import { FIRMS, type Firm } from './history/firms.js';
import { History } from './history/history.js';
import { type SeedCount, Seeder } from './seeder.js';

export interface DemoSize {
  /** Years of work, for each of `firms`; none for 0. */
  years: number;
  firms?: readonly Firm[];
}

/**
 * Makes the demo: a few clients written out by hand, at once, and years of work for many more, each client by itself,
 * the same for the same day. A ConflictError where fields that were made required have no value in it.
 *
 * @param progress is told how many of how many steps are done
 */
export async function makeDemo(
  app: INestApplicationContext,
  { years, firms = FIRMS }: DemoSize,
  progress: (done: number, total: number) => void = () => undefined,
): Promise<SeedCount[]> {
  await requireNoMore(app);
  const rows = demoRows();
  const steps = rows.length + (years > 0 ? firms.length : 0);
  const seeder = Seeder.of(app);
  const counts = await app.get(Units).run(() => seeder.seed(rows, done => progress(done, steps)));
  if (years === 0) return counts;
  const today = new Date().toISOString().slice(0, 10);
  const history = new History(app, seeder.labels, today, years);
  for (const [index, firm] of firms.entries()) {
    await history.make(firm, index, (resource, created) => add(counts, resource, created));
    progress(rows.length + index + 1, steps);
  }
  return counts;
}

/** The demo knows no fields but its own: rows of a resource that asks for another would be refused half-way. */
async function requireNoMore(app: INestApplicationContext): Promise<void> {
  const required = await app.get(Rows).find(CustomFieldDefinition, { is_required: true, removed_at: null });
  const missing = required.filter(one => one.default === null);
  if (missing.length > 0)
    throw new ConflictError(
      `The demo has no values for the required custom fields ${missing.map(one => `${one.resource}.${one.key}`).join(', ')}: ` +
        'seed data of its own (OPSKEEP_DATA). Nothing was made',
    );
}

function add(counts: SeedCount[], resource: string, created: number): void {
  const known = counts.find(one => one.resource === resource);
  if (known) known.created += created;
  else counts.push({ resource, created, there: 0 });
}
