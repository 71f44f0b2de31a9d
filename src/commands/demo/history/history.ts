import type { INestApplicationContext } from '@nestjs/common';
import { Units } from '../../../core/database/units.js';
import { bodiesOf } from '../../../core/resource/bodies/bodies.js';
import { ResourceRegistry } from '../../../core/resource/resource-registry.js';
import { Rows } from '../../../core/table/rows.js';
import { Client } from '../../../directory/clients/client.entity.js';
import { Labels, resourceAt } from '../labels.js';
import { age } from './aging.js';
import { billTime } from './billing.js';
import { Calendar } from './calendar.js';
import { estateOf } from './firm-estate.js';
import type { HistoryRow } from './history-row.js';
import { memoryOf, openOf } from './firm-memory.js';
import { talk, talksOf } from './firm-talks.js';
import { workOf } from './firm-work.js';
import type { Firm } from './firms.js';
import { Random } from './random.js';

/** So many rows go to the service at once. */
const AT_ONCE = 500;

/** Years of clients, the same for the same day; a client is made whole, or is there already. */
export class History {
  private readonly calendar: Calendar;

  /** @param day the last one, `YYYY-MM-DD` */
  constructor(
    private readonly app: INestApplicationContext,
    private readonly labels: Labels,
    day: string,
    private readonly years: number,
  ) {
    this.calendar = new Calendar(day);
  }

  /** @param told is given the path of a resource and how many rows of it were made */
  async make(firm: Firm, index: number, told: (path: string, made: number) => void): Promise<void> {
    const there = await this.app.get(Rows).findOne(Client, { name: firm.name });
    if (!there) await this.app.get(Units).run(() => this.makeFirm(firm, index, told));
  }

  private async makeFirm(
    firm: Firm,
    index: number,
    told: (path: string, made: number) => void,
  ): Promise<void> {
    const random = new Random(index + 1);
    const labels = new Labels(this.labels);
    const rows = [
      ...estateOf(firm, index, this.calendar, random),
      ...workOf(firm, this.years, this.calendar, random),
      ...openOf(firm, index, this.calendar, random),
      ...memoryOf(firm, random),
    ];
    for (const group of groupsOf(rows)) told(group.path, await this.makeAll(group, labels));
    await talk(this.app, talksOf(firm, this.calendar), labels.idOf('ana'), told);
    await billTime(this.app, labels.idOf('client'), firm.code, this.calendar);
    await age(this.app, labels.idOf('client'), this.calendar, random);
  }

  private async makeAll({ path, rows }: Group, labels: Labels): Promise<number> {
    const { spec, service } = resourceAt(this.app.get(ResourceRegistry), path);
    const bodies = rows.map(one => labels.resolved(one.body));
    const results = await service.bulk(bodies, true, bodiesOf(spec).create);
    for (const { index, id } of results) {
      const label = rows[index]?.label;
      if (label !== undefined && id !== undefined) labels.set(label, id);
    }
    return results.length;
  }
}

interface Group {
  path: string;
  rows: HistoryRow[];
  /** What its rows are called in references. */
  names: Set<unknown>;
}

/** Rows that follow each other and are of one resource, as many as go at once; none refers to another of its group. */
function groupsOf(rows: HistoryRow[]): Group[] {
  const groups: Group[] = [];
  for (const row of rows) {
    let group = groups.at(-1);
    const refers = group && Object.values(row.body).some(value => group?.names.has(value));
    if (!group || group.path !== row.path || group.rows.length === AT_ONCE || refers)
      groups.push((group = { path: row.path, rows: [], names: new Set() }));
    group.rows.push(row);
    if (row.label !== undefined) group.names.add(`@${row.label}`);
  }
  return groups;
}
