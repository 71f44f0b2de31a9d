import { SEVERITIES } from '../../../vault/incidents/security-incident.entity.js';
import { bar, columnChart } from '../page/charts.js';
import { html, type Part, said } from '../page/markup.js';
import { figures, table } from '../page/table.js';
import { count, timeIn, words } from '../page/words.js';
import { monthsOf } from '../report-period.js';
import type { ReportKind } from '../report.js';
import type { IncidentsOfPeriod } from './incidents.answers.js';

type Line = IncidentsOfPeriod['rows'][number];

/** The most pressing first. */
const ORDER = [...SEVERITIES].sort((a, b) => ['critical', 'high', 'medium', 'low'].indexOf(a) - ['critical', 'high', 'medium', 'low'].indexOf(b)); // prettier-ignore

function deadlinesOf(lines: readonly Line[], time: (moment: string) => string): Part {
  const all = lines.flatMap(one =>
    one.deadline === null || one.due_at === null ? [] : [{ ...one, due_at: one.due_at }],
  );
  if (all.length === 0) return html`<span class="none">none</span>`;
  return html`<ul class="lines">
    ${all.map(({ deadline, due_at, notified_at, deadline_state }) => {
      const isUrgent = deadline_state === 'overdue' || deadline_state === 'late';
      const state = notified_at === null ? `due ${time(due_at)}` : `notified ${time(notified_at)}`;
      return html`<li>
        ${said(deadline)}: <span class="${isUrgent ? 'urgent-word' : ''}">${deadline_state}</span>,
        <span class="short">${state}</span>
      </li>`;
    })}
  </ul>`;
}

/** The rows of each incident, in their order. */
function incidentsOf(rows: readonly Line[]): Line[][] {
  const groups = new Map<string, Line[]>();
  for (const row of rows) {
    const known = groups.get(row.incident_id);
    if (known) known.push(row);
    else groups.set(row.incident_id, [row]);
  }
  return [...groups.values()];
}

function page(report: IncidentsOfPeriod) {
  const { rows, incidents, by_severity, by_status, by_month, deadlines, client_id, from, to } = report;
  const time = timeIn(report.time_zone);
  const open = incidents - (by_status.resolved ?? 0);
  const months = [
    ...new Set([...Object.keys(by_month), ...monthsOf({ from: from ?? '', to: to ?? '' })]),
  ].sort();
  const points = months.map(label => ({
    label,
    value: by_month[label] ?? 0,
    shown: count(by_month[label] ?? 0),
  }));
  const most = Math.max(...Object.values(by_severity));
  const severities = table(
    'By severity',
    [
      { head: 'Severity', as: 'short', cell: one => one },
      { head: '', as: 'bar', cell: one => bar(by_severity[one] ?? 0, most) },
      { head: 'Incidents', as: 'number', cell: one => count(by_severity[one] ?? 0) },
    ],
    ORDER,
    { empty: '' },
  );
  const list = table<Line[]>(
    'Incidents and their deadlines',
    [
      { head: 'Date', as: 'short', cell: ([one]) => one?.incident_date },
      ...(client_id === null
        ? [{ head: 'Client', cell: ([one]: Line[]) => said(one?.client_name ?? one?.client_id) }]
        : []),
      {
        head: 'Incident',
        cell: ([one]) =>
          html`${said(one?.title)}<br /><span class="soft">${words(one?.incident_type ?? '')}</span>`,
      },
      {
        head: 'Severity',
        as: 'short',
        cell: ([one]) => (one?.severity === 'critical' ? html`<b>critical</b>` : one?.severity),
      },
      {
        head: 'Status',
        as: 'short',
        cell: ([one]) =>
          html`${one?.status}${one?.resolved_at ? html`<br /><span class="soft">${time(one.resolved_at).slice(0, 10)}</span>` : ''}`,
      },
      { head: 'Deadlines', cell: lines => deadlinesOf(lines, time) },
    ],
    incidentsOf(rows),
    { empty: 'No incidents in this period.' },
  );
  if (incidents === 0) return html`<p class="empty">No incidents in this period.</p>`;
  return html`${figures([
    { of: 'Incidents', value: count(incidents) },
    { of: 'Not resolved', value: count(open), isUrgent: open > 0 },
    { of: 'Deadlines overdue', value: count(deadlines.overdue), isUrgent: deadlines.overdue > 0 },
    { of: 'Deadlines to come', value: count(deadlines.open) },
    { of: 'Notified in time', value: `${count(deadlines.met)} of ${count(deadlines.met + deadlines.late)}` },
  ])}${columnChart('Incidents by month', points, { unit: count })}${severities}${list}`;
}

export const INCIDENTS: ReportKind<IncidentsOfPeriod> = {
  name: 'incidents',
  title: 'Incidents and their deadlines',
  columns: [
    'incident_id', 'client_id', 'client_name', 'title', 'incident_type', 'severity', 'status', 'outcome', 'incident_date',
    'resolved_at', 'deadline', 'due_at', 'notified_at', 'deadline_state',
  ], // prettier-ignore
  page,
};
