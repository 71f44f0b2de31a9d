import { Injectable } from '@nestjs/common';
import { reaches } from '../../core/context/actor.js';
import { ValidationError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import { placeholders } from '../../core/database/sql.js';
import { now } from '../../core/database/values.js';
import { allOf } from '../../core/table/clause.js';
import { retryIfTaken } from '../../core/resource/retry.js';
import { type Body, ResourceService, type View } from '../../core/resource/resource.service.js';
import { Machine } from './machine.entity.js';

const FINGERPRINT = /^[!-~]{1,500}$/;

@Injectable()
export class MachinesService extends ResourceService(Machine) {
  /**
   * What a machine says of itself: its row by fingerprint, or the one that was entered by hand under its
   * hostname, or a new one.
   */
  upsert(machine_fingerprint: string, body: Body): Promise<{ row: View<Machine>; created: boolean }> {
    if (!FINGERPRINT.test(machine_fingerprint))
      throw ValidationError.of('machine_fingerprint', 'must be 1 to 500 visible characters', 'matches');
    if (body.machine_fingerprint !== undefined && body.machine_fingerprint !== machine_fingerprint)
      throw ValidationError.of('machine_fingerprint', 'must be the one of the path', 'equals');
    const row = { ...body, machine_fingerprint, last_seen_at: now() };
    return this.kit.units.run(async () => {
      // Before it is looked up: a refusal must not tell whether there is such a machine.
      await this.requireWriter();
      const known =
        (await this.by({ machine_fingerprint })) ??
        (await this.by({ hostname: body.hostname as string, machine_fingerprint: null }));
      // The same machine twice at once: the slower request finds what the other one made.
      const written = known ? this.update(known.id, row) : this.create(row);
      return {
        row: await written.catch(retryIfTaken(['machine_fingerprint'])),
        created: known === undefined,
      };
    });
  }

  /** Sessions are of another wing: asked by their table, for those that are visible. */
  protected override async completeViews(rows: View<Machine>[]): Promise<View<Machine>[]> {
    const sessions = this.kit.registry.byPath('sessions');
    if (!sessions || rows.length === 0) return rows;
    if (!reaches(currentActor(), sessions.spec.path))
      return rows.map(row => ({ ...row, last_session_id: null }));
    const { table } = sessions.spec;
    const { sql, values } = allOf([
      { sql: `${table}.machine_id = machines.id`, values: [] },
      ...sessions.visible(),
    ]);
    // Ids grow with time; of a machine's sessions, however many, the last one is looked at.
    const newestOf = `SELECT ${table}.id FROM ${table} WHERE ${sql} ORDER BY ${table}.id DESC LIMIT 1`;
    const found = await this.kit.units.sql.scan<{ machine_id: string; id: string | null }>(
      `SELECT machines.id AS machine_id, (${newestOf}) AS id FROM machines WHERE machines.id IN (${placeholders(rows.length)})`,
      [...values, ...rows.map(row => row.id)],
    );
    const newest = new Map(found.map(one => [one.machine_id, one.id]));
    return rows.map(row => ({ ...row, last_session_id: newest.get(row.id) ?? null }));
  }

  private by(where: Partial<Machine>): Promise<Machine | undefined> {
    return this.kit.rows.findOne(Machine, where);
  }
}
