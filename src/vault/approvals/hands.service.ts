import { Injectable } from '@nestjs/common';
import { placeholders } from '../../core/database/sql.js';
import { Units } from '../../core/database/units.js';
import { DAY_MS, encodeMoment, momentIn } from '../../core/database/values.js';

/** An account is a person's own after that; before, it may be another hand of who made it, or who set its password. */
export const OWN_AFTER_DAYS = 30;
const RESETTING = "'user.password_reset', 'user.totp_reset'";

/** Who is behind an account. The trail knows. */
@Injectable()
export class Hands {
  constructor(private readonly units: Units) {}

  /**
   * Those of these accounts that are other hands than `id`: behind none of them is an account that is behind `id`.
   * Behind an account are itself and who made it, set its password or took its second factor away within 30 days, and
   * who is behind these.
   */
  async apartFrom(id: string, others: string[]): Promise<Set<string>> {
    const makers = await this.makersOf([id, ...others]);
    const own = behind(id, makers);
    return new Set(others.filter(other => [...behind(other, makers)].every(one => !own.has(one))));
  }

  /** Whether the password or second factor of an account was set by another one, or by the command line, since then. */
  async wasTaken(id: string, since: string): Promise<boolean> {
    const found = await this.units.sql.select(
      "SELECT n FROM journal WHERE resource_type = 'user' AND resource_id = ? " +
        `AND action IN (${RESETTING}) AND outcome = 'ok' AND at >= ? LIMIT 1`,
      [id, encodeMoment(since)],
    );
    return found.length > 0;
  }

  /** The makers of these, of their makers, and so on: one query for each generation. */
  private async makersOf(ids: string[]): Promise<Map<string, string[]>> {
    const since = encodeMoment(momentIn(-OWN_AFTER_DAYS * DAY_MS));
    const makers = new Map<string, string[]>();
    for (let next = [...new Set(ids)]; next.length > 0;) {
      for (const id of next) makers.set(id, []);
      const found = await this.units.sql.select<{ resource_id: string; actor_id: string }>(
        "SELECT DISTINCT resource_id, actor_id FROM journal WHERE resource_type = 'user' " +
          `AND resource_id IN (${placeholders(next.length)}) AND action IN ('user.create', ${RESETTING}) ` +
          "AND outcome = 'ok' AND actor_type = 'user' AND at > ?",
        [...next, since],
      );
      for (const { resource_id, actor_id } of found) makers.get(resource_id)?.push(actor_id);
      next = [...new Set(found.map(one => one.actor_id))].filter(id => !makers.has(id));
    }
    return makers;
  }
}

function behind(id: string, makers: ReadonlyMap<string, string[]>): Set<string> {
  const found = new Set([id]);
  for (const one of found) for (const maker of makers.get(one) ?? []) found.add(maker);
  return found;
}
