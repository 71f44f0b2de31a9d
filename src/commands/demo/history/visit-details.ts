import type { Body } from '../../../core/resource/resource.service.js';
import type { Calendar } from './calendar.js';
import type { Firm } from './firms.js';
import type { HistoryRow } from './history-row.js';
import { sessionOf, teller, type Visit } from './visits.js';

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

/** What was done in a visit, beside its work items. */
export function detailsOf(firm: Firm, visit: Visit, calendar: Calendar): HistoryRow[] {
  return [...commands(firm, visit, calendar), ...changes(firm, visit, calendar), ...ticket(firm, visit)];
}
