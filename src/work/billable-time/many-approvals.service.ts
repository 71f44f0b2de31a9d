import { Injectable } from '@nestjs/common';
import type { OpskeepError } from '../../core/context/errors.js';
import { lockRows } from '../../core/database/locks.js';
import { type BulkResult, faultResult } from '../../core/resource/bulk/bulk.js';
import { faultOf } from '../../core/resource/bulk/bulk-fault.js';
import { ResourceKit } from '../../core/resource/kit.js';
import { nextTurn, turnIsOver } from '../../core/workers/turns.js';
import { Approvals, type Step, STEPS } from './approvals.service.js';
import type { BillableTime } from './billable-time.entity.js';
import { BillableTimeService } from './billable-time.service.js';

/** The way of many entries at once. */
@Injectable()
export class ManyApprovals {
  constructor(
    private readonly kit: ResourceKit,
    private readonly time: BillableTimeService,
    private readonly approvals: Approvals,
  ) {}

  /**
   * The same step of many, each by itself; or, when atomic, all or nothing: the first fault ends the request and names
   * its place (`details.index`). A group is settled once, however many of it move; where it cannot be, all of these say so.
   */
  move(ids: string[], step: Step, atomic: boolean): Promise<BulkResult[]> {
    return this.kit.units.run(async () => {
      const wanted = [...new Set(ids.map(id => id.toLowerCase()))];
      const seen = await this.approvals.found(wanted);
      await this.time.lockClients([...seen.values()].map(one => one.client_id));
      await lockRows(this.kit.units.sql, 'billable_time', wanted);
      await this.kit.units.admitted();
      const rows = await this.approvals.found(wanted);
      const faults = new Map<number, OpskeepError>();
      const fail = (index: number, error: unknown) => faults.set(index, faultOf(error, atomic, index));
      const groups = new Map<string, number[]>();
      for (const [index, id] of wanted.entries()) {
        const before = rows.get(id);
        try {
          if (!before) throw this.time.missing(id);
          this.approvals.requireStep(before, step);
          const key = before.group_key ?? id;
          groups.set(key, [...(groups.get(key) ?? []), index]);
        } catch (error) {
          fail(index, error);
        }
      }
      for (const places of groups.values()) {
        if (turnIsOver()) await nextTurn();
        const members = places.map(index => rows.get(wanted[index] ?? '') as BillableTime);
        try {
          await this.kit.units.attempt(() => this.time.moveAll(members, { status: STEPS[step].to }, step));
        } catch (error) {
          for (const index of places) fail(index, error);
        }
      }
      const results: BulkResult[] = [];
      for (const [index, id] of wanted.entries()) {
        const fault = faults.get(index);
        if (fault) await this.kit.refusals.note(fault);
        results.push(fault ? faultResult(index, fault) : { index, status: 200, id });
      }
      return results;
    });
  }
}
