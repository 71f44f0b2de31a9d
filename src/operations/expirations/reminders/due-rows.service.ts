import { Injectable } from '@nestjs/common';
import { AppSettings } from '../../../core/config/settings.js';
import type { Row, SqlValue } from '../../../core/database/sql.js';
import { Units } from '../../../core/database/units.js';
import { DAY_MS, encodeMoment, momentIn } from '../../../core/database/values.js';
import { endingColumns } from '../ending.js';
import type { Source } from '../sources.js';

/** Rows that are read at once, and of one unit. */
const PART = 100;
/** What ended longer ago while no server looked is not reminded of: the list has it. */
export const PAST_DAYS = 30;

/** Finds of what is to be reminded. */
@Injectable()
export class DueRows {
  constructor(
    private readonly settings: AppSettings,
    private readonly units: Units,
  ) {}

  /** The next rows of which nobody was reminded since their nearest day, the most pressing first. */
  next(source: Source): Promise<Row[]> {
    const { spec, join = '', key, where, reminds } = source;
    const { dialect } = this.units.sql;
    const at = source.at(dialect);
    const { sql: days, values } = this.nearestDay(at);
    const [since, until] = [-PAST_DAYS, this.settings.REMINDER_DAYS[0] ?? 0].map(one =>
      encodeMoment(momentIn(one * DAY_MS)),
    );
    const given =
      `SELECT 1 FROM expiration_reminders given WHERE given.kind = ? AND given.row_key = ${key} ` +
      `AND given.ends_at = ${at} AND given.days <= ${days}`;
    const text =
      `SELECT ${endingColumns(source, dialect)}, ${days} AS days FROM ${spec.table} ${join} ` +
      `WHERE ${at} > ? AND ${at} <= ? AND ${where}` +
      `${reminds ? ` AND ${reminds(dialect)}` : ''} AND NOT EXISTS (${given}) ORDER BY ${at} LIMIT ${PART}`;
    return this.units.sql.scan<Row>(text, [
      ...values,
      since as string,
      until as string,
      source.kind,
      ...values,
    ]);
  }

  /** `CASE WHEN at <= tomorrow THEN 1 WHEN at <= in a week THEN 7 … END` */
  private nearestDay(at: string): { sql: string; values: SqlValue[] } {
    const days = this.settings.REMINDER_DAYS.toReversed();
    return {
      sql: `CASE ${days.map(one => `WHEN ${at} <= ? THEN ${one}`).join(' ')} END`,
      values: days.map(one => encodeMoment(momentIn(one * DAY_MS))),
    };
  }
}
