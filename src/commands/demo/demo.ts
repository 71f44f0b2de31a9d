import type { INestApplicationContext } from '@nestjs/common';
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
 * Makes the demo: a few clients written out by hand, and years of work for many more, the same for the same day.
 *
 * @param progress is told how many of how many steps are done
 */
export async function makeDemo(
  app: INestApplicationContext,
  { years, firms = FIRMS }: DemoSize,
  progress: (done: number, total: number) => void = () => undefined,
): Promise<SeedCount[]> {
  const rows = demoRows();
  const steps = rows.length + (years > 0 ? firms.length : 0);
  const seeder = Seeder.of(app);
  const counts = await seeder.seed(rows, done => progress(done, steps));
  if (years === 0) return counts;
  const today = new Date().toISOString().slice(0, 10);
  const history = new History(app, seeder.labels, today, years);
  for (const [index, firm] of firms.entries()) {
    await history.make(firm, index, (resource, created) => add(counts, resource, created));
    progress(rows.length + index + 1, steps);
  }
  return counts;
}

function add(counts: SeedCount[], resource: string, created: number): void {
  const known = counts.find(one => one.resource === resource);
  if (known) known.created += created;
  else counts.push({ resource, created, there: 0 });
}
