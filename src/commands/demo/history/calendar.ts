import { DAY_MS } from '../../../core/database/values.js';

const MINUTE_MS = 60_000;

/** Days and moments counted back from one day, so that a history is the same all day long. */
export class Calendar {
  private readonly today: number;

  constructor(day: string) {
    this.today = Date.parse(`${day}T00:00:00Z`);
  }

  /** So many days ago; negative ones are to come. */
  dayBefore(days: number): string {
    return new Date(this.today - days * DAY_MS).toISOString().slice(0, 10);
  }

  /** That day at so many minutes after midnight, in UTC. */
  momentBefore(days: number, minutes = 0): string {
    return new Date(this.today - days * DAY_MS + minutes * MINUTE_MS).toISOString();
  }

  isWorkday(days: number): boolean {
    const weekday = new Date(this.today - days * DAY_MS).getUTCDay();
    return weekday > 0 && weekday < 6;
  }
}
