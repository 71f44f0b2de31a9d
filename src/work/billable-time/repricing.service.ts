import { Injectable } from '@nestjs/common';
import { isAdmin } from '../../core/context/actor.js';
import { ConflictError, ValidationError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import { lockRows } from '../../core/database/locks.js';
import { ResourceKit } from '../../core/resource/kit.js';
import type { View } from '../../core/resource/resource.service.js';
import { pick } from '../../core/resource/row-changes.js';
import type { Clause } from '../../core/table/clause.js';
import { nextTurn, turnIsOver } from '../../core/workers/turns.js';
import { Approvals } from './approvals.service.js';
import { MOST_REPRICED, type RepriceBody } from './billable-time.bodies.js';
import type { BillableTime } from './billable-time.entity.js';
import { BillableTimeService } from './billable-time.service.js';
import { Prices } from './prices.service.js';
import { regroup } from './regroup.js';
import { requireShare } from './shares.js';

/** What a price decides. */
const PRICED = [
  'hourly_rate', 'rate_source', 'currency', 'multiplier', 'rounding', 'group_key', 'billable_minutes', 'amount',
] as const; // prettier-ignore

/** Drafts get the rates and rules that hold now: a client has another rate, or its first one. */
@Injectable()
export class Repricing {
  constructor(
    private readonly kit: ResourceKit,
    private readonly time: BillableTimeService,
    private readonly approvals: Approvals,
    private readonly prices: Prices,
  ) {}

  /** All of them or none, settled once; 409 names those that are no drafts. A rate of an entry's own stays. */
  reprice(body: RepriceBody): Promise<View<BillableTime>[]> {
    return this.kit.units.run(async () => {
      const wanted = await this.wanted(body);
      const seen = await this.approvals.visible(wanted);
      await this.time.lockClients([...seen.values()].map(one => one.client_id));
      await lockRows(this.kit.units.sql, 'billable_time', wanted);
      await this.kit.units.admitted();
      const rows = await this.approvals.visible(wanted);
      const all = wanted.map(id => rows.get(id) as BillableTime);
      for (const one of all) this.time.requireWriter(one);
      requireDrafts(all);
      const priced = await this.priced(all);
      await requireShare(this.kit, priced.filter((row, n) => row.group_key !== all[n]?.group_key)); // prettier-ignore
      await regroup(this.kit, this.time, [...all, ...priced].map(one => one.group_key), priced); // prettier-ignore
      const views: View<BillableTime>[] = [];
      for (const [n, row] of priced.entries()) {
        if (turnIsOver()) await nextTurn();
        const before = all[n] as BillableTime;
        const [now, then] = [pick(row, [...PRICED]), pick(before, [...PRICED])];
        const isSame = JSON.stringify(now) === JSON.stringify(then);
        views.push(await this.time.viewOf(isSame ? before : await this.time.change(before, now, 'reprice')));
      }
      return views;
    });
  }

  private async priced(all: readonly BillableTime[]): Promise<BillableTime[]> {
    const rows: BillableTime[] = [];
    for (const before of all) {
      if (turnIsOver()) await nextTurn();
      const row = { ...before };
      if (before.rate_source !== 'entry') row.hourly_rate = null;
      await this.prices.price(row, before, { hourly_rate: null });
      rows.push(this.time.grouped(row));
    }
    return rows;
  }

  /** The entries that are named, or the drafts of a client: all that the actor may write. */
  private async wanted({ ids, client_id, from, to }: RepriceBody): Promise<string[]> {
    if ((ids === undefined) === (client_id === undefined))
      throw ValidationError.of('ids', 'is required, or client_id instead', 'required');
    if (ids !== undefined && (from ?? to) !== undefined)
      throw ValidationError.of(from === undefined ? 'to' : 'from', 'goes with client_id alone', 'conflict');
    if (ids !== undefined) return [...new Set(ids.map(id => id.toLowerCase()))];
    if (from !== undefined && to !== undefined && to < from)
      throw ValidationError.of('to', 'must not come before from', 'order');
    const actor = currentActor();
    const clauses: Clause[] = [
      { sql: "client_id = ? AND status = 'draft'", values: [client_id as string] },
      { sql: 'work_date >= ? AND work_date <= ?', values: [from ?? '0000-01-01', to ?? '9999-12-31'] },
      ...(isAdmin(actor) ? [] : [{ sql: 'user_id = ?', values: [actor.id] }]),
      ...this.time.visible(),
    ];
    const text =
      `SELECT id FROM billable_time WHERE ${clauses.map(one => one.sql).join(' AND ')} ` +
      `ORDER BY id LIMIT ${MOST_REPRICED + 1}`;
    const found = await this.kit.units.sql.select<{ id: string }>(
      text,
      clauses.flatMap(one => one.values),
    );
    if (found.length > MOST_REPRICED)
      throw ValidationError.of(
        'client_id',
        `has more than ${MOST_REPRICED} drafts: narrow from and to`,
        'max',
      );
    return found.map(one => one.id);
  }
}

function requireDrafts(rows: readonly BillableTime[]): void {
  const others = rows.filter(one => one.status !== 'draft').map(one => one.id);
  if (others.length > 0)
    throw new ConflictError('Only drafts get another price: reopen what is submitted or approved first', {
      field: 'ids',
      resource_type: 'BillableTime',
      ids: others,
    });
}
