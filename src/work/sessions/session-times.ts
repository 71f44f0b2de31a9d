import { type FieldFault, ValidationError } from '../../core/context/errors.js';
import type { Session } from './session.entity.js';

const MINUTE = 60_000;
const MOST_MINUTES = 366 * 24 * 60;

/** Whole minutes between two moments; null while one of them is not known. */
export function minutesBetween(from: string | null, to: string | null): number | null {
  return from === null || to === null ? null : Math.round((Date.parse(to) - Date.parse(from)) / MINUTE);
}

/** A session ends when it started or later, and within a year. */
export function checkTimes({ started_at, ended_at }: Pick<Session, 'started_at' | 'ended_at'>): void {
  if (started_at === null || ended_at === null) return;
  const fault = (message: string, rule: string): FieldFault => ({ field: 'ended_at', message, rule });
  if (Date.parse(ended_at) < Date.parse(started_at))
    throw new ValidationError([fault('must not come before started_at', 'order')]);
  if ((minutesBetween(started_at, ended_at) ?? 0) > MOST_MINUTES)
    throw new ValidationError([fault('must be at most 366 days after started_at', 'max')]);
}
