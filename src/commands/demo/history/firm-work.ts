import type { Body } from '../../../core/resource/resource.service.js';
import type { Calendar } from './calendar.js';
import type { HistoryRow } from './firm-estate.js';
import type { Firm } from './firms.js';
import { type Job, JOBS } from './jobs.js';
import type { Random } from './random.js';

/** A session a week for so many seats. */
const SEATS_A_SESSION = 50;
const TECHNICIANS = ['@ana', '@ben', '@cleo', '@dirk'] as const;
const HOSTS = ['hv', 'dc', 'app', 'nas'] as const;

/** One visit or call: when, who, how long, and what for. */
interface Visit {
  number: number;
  days: number;
  /** After midnight UTC. */
  start: number;
  minutes: number;
  technician: string;
  host: (typeof HOSTS)[number];
  job: Job;
}

function visitsOf(firm: Firm, years: number, calendar: Calendar, random: Random): Visit[] {
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
function teller(firm: Firm, { host }: Visit): (text: string) => string {
  const names: Record<string, string> = {
    host: `${firm.code}-${host}01`,
    software: firm.software,
    contact: firm.contact,
    site: firm.town,
  };
  return text => text.replace(/\{(\w+)\}/g, (all, name: string) => names[name] ?? all);
}

const sessionOf = ({ number }: Visit) => `session ${number}`;

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

function commands(firm: Firm, visit: Visit, calendar: Calendar): HistoryRow[] {
  return (visit.job.commands ?? []).map(([shell_type, command_text, output_summary], n): HistoryRow => ({
    path: 'commands-run',
    body: {
      session_id: `@${sessionOf(visit)}`,
      work_item_id: `@item ${visit.number}`,
      infrastructure_id: `@${visit.host}`,
      host: `${firm.code}-${visit.host}01`,
      shell_type,
      command_text,
      output_summary,
      success: true,
      exit_code: 0,
      executed_at: calendar.momentBefore(visit.days, visit.start + 5 * (n + 1)),
      execution_order: n + 1,
    },
  }));
}

/** What was changed, and on which of the client's machines. */
function changes(firm: Firm, visit: Visit, calendar: Calendar): HistoryRow[] {
  const { job, host, days, start, minutes } = visit;
  const place = { session_id: `@${sessionOf(visit)}`, work_item_id: `@item ${visit.number}` };
  const on = (path: string, body: Body): HistoryRow => ({
    path,
    body: { ...place, infrastructure_id: `@${host}`, ...body },
  });
  const rows: HistoryRow[] = [];
  if (job.change) {
    const [change_type, before_state, after_state] = job.change;
    const target_system = `${firm.code}-${host}01`;
    const body = { change_type, target_system, before_state, after_state, verification_performed: true };
    rows.push(on('infrastructure-changes', body));
  }
  if (job.database) {
    const [change_type, sql_executed] = job.database;
    rows.push(
      on('database-changes', { change_type, sql_executed, database_name: 'main', backup_taken: true }),
    );
  }
  if (job.deployment) {
    const [deployment_type, version_label] = job.deployment;
    const deployed_at = calendar.momentBefore(days, start + minutes);
    rows.push(on('deployments', { deployment_type, version_label, deployed_at, service_id: '@software' }));
  }
  if (job.file) {
    const [file_path, description] = job.file;
    rows.push({ path: 'file-changes', body: { ...place, change_type: 'modified', file_path, description } });
  }
  return rows;
}

/** Every fourth visit came by a ticket of the other system. */
function ticket(firm: Firm, visit: Visit): HistoryRow[] {
  if (visit.number % 4 > 0) return [];
  return [
    {
      path: 'ticket-links',
      body: {
        client_id: '@client',
        session_id: `@${sessionOf(visit)}`,
        system: 'syncro',
        external_ticket_id: `${firm.code}-${visit.number}`,
        ticket_number: String(20_000 + visit.number),
        title: teller(firm, visit)(visit.job.title),
        status: 'Resolved',
        link_type: 'resolves',
      },
    },
  ];
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

/** Rows of one resource behind each other, so that they are stored at once. */
function byPath(rows: HistoryRow[]): HistoryRow[] {
  return [...new Set(rows.map(one => one.path))].flatMap(path => rows.filter(one => one.path === path));
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
      started_on: calendar.dayBefore(years * 365),
      estimated_hours: '120.00',
    },
  };
  return [
    project,
    ...visits.map(one => session(firm, one, calendar)),
    ...visits.flatMap(one => workItems(firm, one, calendar)),
    ...visits.flatMap(one => commands(firm, one, calendar)),
    ...byPath(visits.flatMap(one => changes(firm, one, calendar))),
    ...visits.flatMap(one => ticket(firm, one)),
    ...visits.map(one => entry(firm, one, calendar)),
  ];
}
