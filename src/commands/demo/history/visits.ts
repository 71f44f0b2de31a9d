import type { Calendar } from './calendar.js';
import type { Firm } from './firms.js';
import { type Job, JOBS } from './jobs.js';
import type { Random } from './random.js';

/** A session a week for so many seats. */
const SEATS_A_SESSION = 50;
const TECHNICIANS = ['@ana', '@ben', '@cleo', '@dirk'] as const;
const HOSTS = ['hv', 'dc', 'app', 'nas'] as const;

/** One visit or call: when, who, how long, and what for. */
export interface Visit {
  number: number;
  days: number;
  /** After midnight UTC. */
  start: number;
  minutes: number;
  technician: string;
  host: (typeof HOSTS)[number];
  job: Job;
}

/** The visits and calls of so many years, the oldest first. */
export function visitsOf(firm: Firm, years: number, calendar: Calendar, random: Random): Visit[] {
  const visits: Visit[] = [];
  const gap = Math.max(2, Math.round((7 * SEATS_A_SESSION) / firm.seats));
  for (let days = years * 365; days > 0; days -= random.whole(1, 2 * gap - 1)) {
    if (!calendar.isWorkday(days)) continue;
    const job = random.pick(JOBS);
    visits.push({
      number: visits.length,
      days,
      start: 8 * 60 + 5 * random.whole(0, 96),
      minutes: random.whole(...job.minutes),
      technician: random.pick(TECHNICIANS),
      host: random.pick(HOSTS),
      job,
    });
  }
  return visits;
}

/** Texts of a job with the client's own names in them. */
export function teller(firm: Firm, { host }: Visit): (text: string) => string {
  const names: Record<string, string> = {
    host: `${firm.code}-${host}01`,
    software: firm.software,
    contact: firm.contact,
    site: firm.town,
  };
  return text => text.replace(/\{(\w+)\}/g, (all, name: string) => names[name] ?? all);
}

export const sessionOf = ({ number }: Visit) => `session ${number}`;
