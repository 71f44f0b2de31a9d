import type { Calendar } from './calendar.js';
import { detailsOf } from './visit-details.js';
import { repositoryOf } from './firm-talks.js';
import type { Firm } from './firms.js';
import type { HistoryRow } from './history-row.js';
import type { Random } from './random.js';
import { sessionOf, teller, type Visit, visitsOf } from './visits.js';

/** Rows of one resource behind each other, so that they are stored at once. */
function byPath(rows: HistoryRow[]): HistoryRow[] {
  return [...new Set(rows.map(one => one.path))].flatMap(path => rows.filter(one => one.path === path));
}

function session(firm: Firm, visit: Visit, calendar: Calendar): HistoryRow {
  const { days, start, minutes, job, technician } = visit;
  const tell = teller(firm, visit);
  return {
    path: 'sessions',
    label: sessionOf(visit),
    body: {
      client_id: '@client',
      project_id: job.labour === 'project' ? '@project' : null,
      user_id: technician,
      title: tell(job.title),
      started_at: calendar.momentBefore(days, start),
      ended_at: calendar.momentBefore(days, start + minutes),
      status: 'completed',
      summary: tell(job.summary),
      is_billable: job.labour !== 'warranty',
    },
  };
}

function workItems(firm: Firm, visit: Visit, calendar: Calendar): HistoryRow[] {
  const { job, minutes, days, start } = visit;
  const tell = teller(firm, visit);
  const part = Math.floor(minutes / job.steps.length);
  return job.steps.map((step, n): HistoryRow => ({
    path: 'work-items',
    label: n === 0 ? `item ${visit.number}` : undefined,
    body: {
      session_id: `@${sessionOf(visit)}`,
      category: job.category,
      title: tell(step),
      description: tell(`${step}. ${job.summary}`),
      status: 'completed',
      is_billable: job.labour !== 'warranty',
      actual_minutes: n === 0 ? minutes - part * (job.steps.length - 1) : part,
      affected_systems: [`${firm.code}-${visit.host}01`],
      item_order: n + 1,
      completed_at: calendar.momentBefore(days, start + part * (n + 1)),
    },
  }));
}

function entry(firm: Firm, visit: Visit, calendar: Calendar): HistoryRow {
  const { job, days, start, minutes } = visit;
  return {
    path: 'billable-time',
    body: {
      client_id: '@client',
      session_id: `@${sessionOf(visit)}`,
      work_item_id: `@item ${visit.number}`,
      user_id: visit.technician,
      work_date: calendar.dayBefore(days),
      started_at: calendar.momentBefore(days, start),
      ended_at: calendar.momentBefore(days, start + minutes),
      worked_minutes: minutes,
      labour_type: job.labour,
      category: job.category === 'troubleshooting' ? 'troubleshooting' : 'maintenance',
      description: teller(firm, visit)(job.title),
    },
  };
}

/** Years of sessions with what was done in them, and the time that is to be billed for them. */
export function workOf(firm: Firm, years: number, calendar: Calendar, random: Random): HistoryRow[] {
  const visits = visitsOf(firm, years, calendar, random);
  const project: HistoryRow = {
    path: 'projects',
    label: 'project',
    body: {
      client_id: '@client',
      name: 'Continuity plan',
      category: 'infrastructure',
      description: 'Restore tests each quarter, and what they teach.',
      repository_url: repositoryOf(firm),
      started_on: calendar.dayBefore(years * 365),
      estimated_hours: '120.00',
    },
  };
  return [
    project,
    ...visits.map(one => session(firm, one, calendar)),
    ...visits.flatMap(one => workItems(firm, one, calendar)),
    ...byPath(visits.flatMap(one => detailsOf(firm, one, calendar))),
    ...visits.map(one => entry(firm, one, calendar)),
  ];
}
