import { Injectable } from '@nestjs/common';
import { type FieldFault, ValidationError } from '../../core/context/errors.js';
import { isDay } from '../../core/database/values.js';
import { ResourceKit } from '../../core/resource/kit.js';
import { parseListQuery } from '../../core/resource/lists/list-query.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import { resourceOf } from '../../core/resource/resource.js';
import type { Clause } from '../../core/table/clause.js';
import { BillableTime, STATUSES } from './billable-time.entity.js';
import { BillableTimeService } from './billable-time.service.js';
import { type ByClientAndMonth, cutFourWays, withoutStatus } from './by-client-and-month.js';
import {
  GROUPINGS,
  type Grouping,
  groupsOf,
  type Part,
  partOf,
  type SummaryGroup,
  summaryQuery,
  type Totals,
  totalsOf,
} from './summary.js';

export interface Summary {
  from: string | null;
  to: string | null;
  group_by: Grouping;
  groups: SummaryGroup[];
  total: Totals;
}

const MOST_PARTS = 10_000;
const OF_LISTS = ['skip', 'limit', 'cursor', 'sort', 'count', 'fields', 'omit'];
const REFERENCES: Partial<Record<Grouping, string>> = {
  client: 'client_id',
  user: 'user_id',
  project: 'project_id',
};

/** What the time of a while comes to; the database adds it up, in the thread of scans on SQLite. */
@Injectable()
export class Summaries {
  constructor(
    private readonly kit: ResourceKit,
    private readonly time: BillableTimeService,
  ) {}

  async summary({ group_by, ...query }: RawQuery): Promise<Summary> {
    const by = groupingOf(group_by);
    const parts = await this.partsBy([by], query);
    if (parts.length > MOST_PARTS)
      throw ValidationError.of('group_by', `makes more than ${MOST_PARTS} groups: narrow from and to`, 'max');
    const names = await this.namesOf(by, parts);
    return {
      from: (query.from as string | undefined) ?? null,
      to: (query.to as string | undefined) ?? null,
      group_by: by,
      groups: groupsOf(parts, 0, names),
      total: totalsOf(parts),
    };
  }

  /** The same sums by client and month together, by each, and by status; a query, and one for the names of every 500 clients. */
  async byClientAndMonth(query: RawQuery): Promise<ByClientAndMonth> {
    const byStatus = await this.partsBy(['client', 'month', 'status'], query, MOST_PARTS * STATUSES.length);
    const parts = withoutStatus(byStatus);
    if (parts.length > MOST_PARTS)
      throw ValidationError.of('from', `makes more than ${MOST_PARTS} rows: narrow from and to`, 'max');
    const names = await this.namesOf('client', parts);
    return cutFourWays(byStatus, parts, names);
  }

  /** One part more than there may be, at most. */
  private async partsBy(
    by: readonly Grouping[],
    { from, to, ...filters }: RawQuery,
    most = MOST_PARTS,
  ): Promise<Part[]> {
    const { sql } = this.kit.units;
    const more = this.filtersOf(filters, from, to);
    const query = summaryQuery(by, [...this.time.visible(), ...more], sql.dialect, most + 1);
    return (await sql.scan(query.text, query.values)).map(row => partOf(row, by));
  }

  private filtersOf(filters: RawQuery, from: RawQuery[string], to: RawQuery[string]): Clause[] {
    const faults: FieldFault[] = OF_LISTS.filter(name => filters[name] !== undefined).map(field => ({
      field,
      message: 'is not a parameter of the summary',
      rule: 'unknown',
    }));
    const range = Object.entries({ from, to }).flatMap(([field, day]): Clause[] => {
      if (day === undefined) return [];
      if (!isDay(day)) faults.push({ field, message: 'must be a day, such as 2026-01-31', rule: 'type' });
      return [{ sql: `work_date ${field === 'from' ? '>=' : '<='} ?`, values: [day as string] }];
    });
    if (isDay(from) && isDay(to) && String(to) < String(from))
      faults.push({ field: 'to', message: 'must not come before from', rule: 'order' });
    if (faults.length > 0) throw new ValidationError(faults, 'The query is not valid');
    const spec = resourceOf(BillableTime);
    return [...range, ...parseListQuery(spec, filters, this.kit.units.sql.dialect).clauses];
  }

  private async namesOf(by: Grouping, parts: readonly Part[]): Promise<Map<string, string>> {
    const target = resourceOf(BillableTime)
      .byName.get(REFERENCES[by] ?? '')
      ?.reference?.target();
    const service = target && this.kit.registry.of(target);
    const ids = [...new Set(parts.map(one => one.keys[0]))].filter(key => typeof key === 'string');
    return service ? service.namesOf(ids) : new Map();
  }
}

function groupingOf(given: RawQuery[string]): Grouping {
  const by = given === undefined ? 'client' : GROUPINGS.find(one => one === given);
  if (!by) throw ValidationError.of('group_by', `must be one of ${GROUPINGS.join(', ')}`, 'enum');
  return by;
}
