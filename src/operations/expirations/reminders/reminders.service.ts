import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Audit, type AuditFact } from '../../../core/audit/audit.service.js';
import { AppSettings } from '../../../core/config/settings.js';
import { systemActor } from '../../../core/context/actor.js';
import { Logger } from '../../../core/context/logger.js';
import { runAs } from '../../../core/context/request-context.js';
import { MainDatabase } from '../../../core/database/main-database.js';
import { newId } from '../../../core/database/new-id.js';
import { insertIgnoring, placeholders, type Row, type SqlValue } from '../../../core/database/sql.js';
import { changeOne } from '../../../core/database/transact.js';
import { Units } from '../../../core/database/units.js';
import { DAY_MS, encodeMoment, momentIn } from '../../../core/database/values.js';
import { ResourceRegistry } from '../../../core/resource/resource-registry.js';
import { Periodic } from '../../../core/workers/periodic.js';
import { nextTurn } from '../../../core/workers/turns.js';
import { REMINDER } from '../../changes/reminder.js';
import { endingOf } from '../ending.js';
import { type Source, SOURCES } from '../sources.js';
import { DueRows, PAST_DAYS } from './due-rows.service.js';

/** After the start, so that many servers do not look at once, and a short one does not look at all. */
const FIRST_MS = 20_000;
const EVERY_MS = 3_600_000;

/** Somebody else, another process, has given all of these. */
class AllGiven extends Error {}

/**
 * Says of what ends soon that it does: once for each date and each day of `REMINDER_DAYS`, as an entry of the trail, from
 * which webhooks are told. Of several days that went by, the nearest alone is said.
 */
@Injectable()
export class Reminders implements OnApplicationShutdown {
  private readonly timer = new Periodic(() => this.round(), {
    every: EVERY_MS,
    first: FIRST_MS,
    failed: error => this.logger.warn({ err: error }, 'what ends soon could not be looked at'),
  });

  constructor(
    private readonly settings: AppSettings,
    private readonly database: MainDatabase,
    private readonly units: Units,
    private readonly due: DueRows,
    private readonly registry: ResourceRegistry,
    private readonly audit: Audit,
    private readonly logger: Logger,
  ) {}

  /** From now on; a command line does not begin it. */
  watch(): void {
    if (this.settings.REMINDER_DAYS.length > 0) this.timer.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.timer.end();
  }

  /** Looks once at everything; how many reminders were given. */
  round(): Promise<number> {
    return runAs(systemActor('reminders'), async () => {
      let given = 0;
      for (const source of SOURCES) {
        for (let part = await this.due.next(source); part.length > 0 && !this.timer.hasEnded;) {
          const noted = await this.remind(source, part);
          given += noted;
          await nextTurn();
          // What another process gives, it gives to its end.
          part = noted > 0 ? await this.due.next(source) : [];
        }
      }
      await this.forget();
      return given;
    });
  }

  /** One unit: what is noted here by us, and not by another process, has its entry. */
  private async remind(source: Source, part: Row[]): Promise<number> {
    const { kind, spec } = source;
    const ids = [...new Set(part.map(one => String(one.id)))];
    const names = (await this.registry.of(spec.type)?.namesOf(ids)) ?? new Map<string, string>();
    const round_id = newId();
    const write = async () => {
      const { sql } = this.units;
      const lines = part.map(() => '(?, ?, ?, ?, ?, ?)').join(', ');
      await sql.change(
        `${insertIgnoring(sql.dialect)} INTO expiration_reminders (id, kind, row_key, ends_at, days, round_id) VALUES ${lines}`,
        part.flatMap(one => [newId(), kind, one.own_key, one.at, one.days, round_id] as SqlValue[]),
      );
      const keys = part.map(one => String(one.own_key));
      const noted = await sql.select<{ row_key: string }>(
        `SELECT row_key FROM expiration_reminders WHERE kind = ? AND row_key IN (${placeholders(keys.length)}) AND round_id = ?`,
        [kind, ...keys, round_id],
      );
      const ours = new Set(noted.map(one => one.row_key));
      if (ours.size === 0) throw new AllGiven();
      const rows = part.filter(one => ours.has(String(one.own_key)));
      this.audit.record(...rows.map(row => factOf(source, row, names.get(String(row.id)) ?? null)));
      return ours.size;
    };
    return this.units.run(write).catch((error: unknown) => {
      if (error instanceof AllGiven) return 0;
      throw error;
    });
  }

  /** Reminders of dates that nobody looks at any more. What is kept here is nobody's row: it has no entry. */
  private async forget(): Promise<void> {
    const before = encodeMoment(momentIn(-2 * PAST_DAYS * DAY_MS));
    await changeOne(this.database, 'DELETE FROM expiration_reminders WHERE ends_at < ?', [before]);
  }
}

function factOf(source: Source, row: Row, name: string | null): AuditFact {
  return {
    action: REMINDER,
    resource_type: source.spec.name,
    resource_id: String(row.id),
    client_id: (row.client_id as string | null) ?? null,
    name,
    details: { kind: source.kind, days: Number(row.days), ...endingOf(source, row, name, Date.now()) },
  };
}
