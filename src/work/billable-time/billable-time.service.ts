import { Injectable } from '@nestjs/common';
import { isAdmin } from '../../core/context/actor.js';
import { AuthorizationError, ValidationError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import { lockRows } from '../../core/database/locks.js';
import { type Body, ResourceService, type View } from '../../core/resource/resource.service.js';
import { changesBetween, newRow } from '../../core/resource/row-changes.js';
import { nextTurn, turnIsOver } from '../../core/workers/turns.js';
import { groupOf } from '../money/groups.js';
import { dayIn } from '../../formats/day-in.js';
import { minutesBetween } from '../sessions/session-times.js';
import { Session } from '../sessions/session.entity.js';
import { WorkItem } from '../work-items/work-item.entity.js';
import { BillableTime, MOST_MINUTES } from './billable-time.entity.js';
import { Prices } from './prices.service.js';
import { MINUTES_OF_DAY, requireNear } from './plausible.js';
import { regroup, settleSingle } from './regroup.js';
import { requireShare } from './shares.js';

@Injectable()
export class BillableTimeService extends ResourceService(BillableTime) {
  constructor(private readonly prices: Prices) {
    super();
  }

  override update(id: string, body: Body, ifMatch?: string): Promise<View<BillableTime>> {
    return this.kit.units.run(async () => {
      await this.lockClients([(await this.find(id)).client_id, ...textOf(body.client_id)]);
      return super.update(id, body, ifMatch);
    });
  }

  override remove(id: string, ifMatch?: string): Promise<void> {
    return this.kit.units.run(async () => {
      await this.lockClients([(await this.find(id)).client_id]);
      await super.remove(id, ifMatch);
    });
  }

  override async removeAll(ids: string[]): Promise<void> {
    const leaving = await this.kit.rows.find(BillableTime, { id: ids });
    await this.lockClients(leaving.map(one => one.client_id));
    await super.removeAll(ids);
    const billed = leaving.flatMap(one => one.credits_id ?? []);
    const whole = billed.length > 0 ? await this.kit.rows.find(BillableTime, { id: billed }) : [];
    await regroup(this.kit, this, [...leaving, ...whole].map(one => one.group_key)); // prettier-ignore
  }

  /** What an entry of a group refers to goes: a draft without its work item is rounded alone. */
  override async clearReference(field: string, ids: string[]): Promise<void> {
    const referring = await this.kit.rows.find(BillableTime, { id: ids });
    const billed = referring.find(one => one.status === 'billed');
    if (billed) throw this.conflict('Billed time refers to it', billed, field);
    await super.clearReference(field, ids);
    for (const before of await this.kit.rows.find(BillableTime, { id: ids, status: 'draft' })) {
      const row = this.grouped({ ...before });
      if (row.group_key !== before.group_key) await this.change(before, row, 'regroup');
    }
  }

  /**
   * A change of the status by an action, of entries that were in one group or in none, under the locks that changes of
   * a group need; drafts are settled with their groups anew, each group once.
   */
  async moveAll(
    all: readonly BillableTime[],
    changes: Partial<BillableTime>,
    verb: string,
  ): Promise<BillableTime[]> {
    const rows = all.map(before => ({ ...before, ...changes }));
    for (const row of rows) if (row.status === 'draft') this.grouped(row);
    await regroup(this.kit, this, [...all, ...rows].map(one => one.group_key), rows); // prettier-ignore
    const moved: BillableTime[] = [];
    for (const [n, { status, invoice_ref, group_key, billable_minutes, amount }] of rows.entries()) {
      if (turnIsOver()) await nextTurn();
      const to = { status, invoice_ref, group_key, billable_minutes, amount };
      moved.push(await this.change(all[n] as BillableTime, to, verb));
    }
    return moved;
  }

  /** Stores the credit of a billed entry: a row of its own, which is in no group; that of the entry is settled without it. */
  async insertCredit(given: BillableTime, billed: BillableTime): Promise<BillableTime> {
    const row = newRow<BillableTime>(this.spec, { ...given });
    await this.kit.rows.insert(BillableTime, row);
    await this.kit.customFields.index(this.spec, [{ row }]);
    this.recordChange('credit', row, { changes: changesBetween(this.spec, {}, row), isNew: true });
    await regroup(this.kit, this, [billed.group_key]);
    return row;
  }

  /** The draft that a closed session leaves; none where the session has billable time already. */
  async draftOf(session: Session): Promise<void> {
    const { id: session_id, client_id, project_id, user_id, session_date, started_at, ended_at } = session;
    if (client_id === null)
      throw ValidationError.of('client_id', 'is missing: time is billed to a client', 'required');
    if (await this.kit.rows.findOne(BillableTime, { session_id })) return;
    await this.create({
      client_id,
      session_id,
      project_id,
      user_id,
      work_date: session_date,
      started_at,
      ended_at,
      worked_minutes: session.duration_minutes ?? 0,
      labour_type: 'remote',
      description: session.summary ?? session.title,
    });
  }

  lockClients(ids: readonly string[]): Promise<void> {
    return lockRows(this.kit.units.sql, 'clients', ids);
  }

  /** Their own time is everybody's, all others' the administrators'. */
  override requireWriter(before?: BillableTime): void {
    if (before) requireOwn(before.user_id, before.id);
  }

  protected override nameOf(row: BillableTime): string {
    const { work_date, labour_type, worked_minutes, billable_minutes, credits_id } = row;
    if (credits_id !== null) return `${work_date} credit ${labour_type} ${billable_minutes} min`;
    return `${work_date} ${labour_type} ${worked_minutes} min`;
  }

  protected override fill(row: BillableTime, before: BillableTime | undefined, body: Body): void {
    const actor = currentActor();
    if (!before && actor.kind === 'user') row.user_id ??= actor.id;
    if (row.user_id !== before?.user_id) requireOwn(row.user_id, before?.id);
    const isWarranty = row.labour_type === 'warranty';
    if (isWarranty && body.is_billable === true)
      throw ValidationError.of('is_billable', 'must be false: warranty is not billed', 'warranty');
    if (isWarranty) row.is_billable = false;
    if (row.started_at !== null && row.ended_at !== null && row.ended_at < row.started_at)
      throw ValidationError.of('ended_at', 'must not come before started_at', 'order');
    this.workFrom(row, before, body);
    if (!row.work_date && row.started_at === null)
      throw ValidationError.of('work_date', 'is required where started_at is not given', 'required');
  }

  protected override async check(
    row: BillableTime,
    before: BillableTime | undefined,
    body: Body,
  ): Promise<void> {
    if (before && before.status !== 'draft')
      throw this.conflict(
        before.status === 'billed'
          ? 'What was billed cannot be changed'
          : `It is ${before.status}: reopen it first`,
        before,
        'status',
      );
    await this.placeIn(row, body);
    await this.takeProject(row, body);
    await this.date(row, before, body);
    if (row.work_date !== before?.work_date)
      requireNear(row.work_date, body.work_date === undefined ? 'started_at' : 'work_date');
    await this.prices.price(row, before, body);
    this.grouped(row);
    if (before && before.group_key !== row.group_key) await requireShare(this.kit, [row]);
    if (before) await regroup(this.kit, this, [before.group_key, row.group_key], [row]);
  }

  protected override async beforeInsert(rows: BillableTime[]): Promise<void> {
    const groups = rows.filter(one => one.group_key !== null);
    if (groups.length === 0) return;
    await this.lockClients(groups.map(one => one.client_id));
    await requireShare(this.kit, groups);
    await regroup(this.kit, this, groups.map(one => one.group_key), groups); // prettier-ignore
  }

  protected override beforeRemove(row: BillableTime): void {
    if (row.status === 'billed')
      throw this.conflict('What was billed cannot be deleted: credit takes it back', row, 'status');
    if (row.status !== 'draft' && !isAdmin(currentActor()))
      throw this.conflict(`It is ${row.status}: only drafts are deleted without msp:admin`, row, 'status');
  }

  /** The minutes between start and end, where nobody says how many of them were worked. */
  private workFrom(row: BillableTime, before: BillableTime | undefined, body: Body): void {
    const between = minutesBetween(row.started_at, row.ended_at);
    const followed = !before || before.worked_minutes === minutesBetween(before.started_at, before.ended_at);
    if (between !== null && body.worked_minutes === undefined && followed) {
      if (between > MOST_MINUTES)
        throw ValidationError.of('ended_at', 'must be at most 366 days after started_at', 'max');
      row.worked_minutes = between;
    }
    // Null where nobody has said anything: the kit gives a new row no default.
    if ((row.worked_minutes as number | null) === null)
      throw ValidationError.of(
        'worked_minutes',
        'is required where started_at and ended_at are not given',
        'required',
      );
    const isSaid = (['worked_minutes', 'started_at', 'ended_at'] as const).some(name => row[name] !== before?.[name]); // prettier-ignore
    if (between !== null && isSaid && row.worked_minutes > between)
      throw ValidationError.of('worked_minutes', `must be at most ${between}, from start to end`, 'max');
    if (between === null && isSaid && row.worked_minutes > MINUTES_OF_DAY)
      throw ValidationError.of(
        'worked_minutes',
        `must be at most ${MINUTES_OF_DAY}, a day, unless started_at and ended_at are given`,
        'max',
      );
  }

  protected override completeAdopted(row: BillableTime): void {
    row.group_key = groupOf(row);
  }

  /** Minutes and amount of an entry that is rounded alone, and the group of one that is not. */
  grouped(row: BillableTime): BillableTime {
    row.group_key = groupOf(row);
    settleSingle(row);
    return row;
  }

  /** A work item and a session of one entry belong together. */
  private async placeIn(row: BillableTime, body: Body): Promise<void> {
    const { work_item_id } = row;
    if (work_item_id === null) return;
    const { units, rows } = this.kit;
    const item = await units.remembered('work_items', `session of ${work_item_id}`, () =>
      rows.findOne(WorkItem, { id: work_item_id }),
    );
    if (body.session_id === undefined && body.work_item_id !== undefined)
      row.session_id ??= item?.session_id ?? null;
    if (row.session_id !== null && row.session_id !== item?.session_id)
      throw ValidationError.of('work_item_id', 'belongs to another session', 'session');
  }

  /** The project of the session that is named, where nobody says another one. */
  private async takeProject(row: BillableTime, body: Body): Promise<void> {
    const { session_id, client_id } = row;
    const isNamed = body.session_id !== undefined || body.work_item_id !== undefined;
    if (session_id === null || row.project_id !== null || body.project_id !== undefined || !isNamed) return;
    const { units, rows } = this.kit;
    const session = await units.remembered('sessions', `project of ${session_id}`, () =>
      rows.findOne(Session, { id: session_id }),
    );
    if (session?.client_id === client_id) row.project_id = session.project_id;
  }

  /** The day of the work follows from its start, in the time zone of the client, where nobody says it. */
  private async date(row: BillableTime, before: BillableTime | undefined, body: Body): Promise<void> {
    if (row.started_at === null || body.work_date !== undefined) return;
    const zone = (await this.prices.clientOf(row)).timezone ?? 'UTC';
    const followed =
      !before || (before.started_at !== null && before.work_date === dayIn(zone, before.started_at));
    if (followed) row.work_date = dayIn(zone, row.started_at);
  }
}

/** @param resource_id the row that is there already: the trail names it, also where it is one of many */
function requireOwn(user_id: string | null, resource_id?: string): void {
  const actor = currentActor();
  if (user_id === actor.id || isAdmin(actor)) return;
  throw new AuthorizationError("Another user's time is written by administrators", {
    field: 'user_id',
    resource_type: 'BillableTime',
    resource_id,
  });
}

function textOf(value: unknown): string[] {
  return typeof value === 'string' ? [value.toLowerCase()] : [];
}
