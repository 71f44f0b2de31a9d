/** The action of an entry that reminds of an end, and the event of webhooks that are told of it. */
export const REMINDER = 'expiration.reminder';

/** What such an entry tells beside the row that it is about. */
export interface Reminder {
  /** As in `GET /api/expirations`. */
  kind: string;
  at: string;
  /** The day of `REMINDER_DAYS`. */
  days: number;
  days_left: number;
  name: string | null;
}

/** What the details of such an entry say, and nothing else of them. */
export function reminderIn(details: Record<string, unknown>): Reminder {
  const { kind, at, days, days_left, name } = details as unknown as Reminder;
  return { kind, at, days, days_left, name };
}
