import { Injectable } from '@nestjs/common';
import { requireReach } from '../../../core/context/actor.js';
import { currentActor } from '../../../core/context/request-context.js';
import type { Row } from '../../../core/database/sql.js';
import { Units } from '../../../core/database/units.js';
import { decodeMomentIfSet, encodeMoment } from '../../../core/database/values.js';
import { allOf, type Clause } from '../../../core/table/clause.js';
import { ClientsService } from '../../../directory/clients/clients.service.js';
import { IncidentsService } from '../../../vault/incidents/incidents.service.js';
import { SEVERITIES, STATUSES } from '../../../vault/incidents/security-incident.entity.js';
import { bounded, MOST_ROWS } from '../report.js';
import type { Asked } from '../report-queries.service.js';
import { DEADLINE_STATES, type DeadlineState, type IncidentsOfPeriod } from './incidents.answers.js';

const COLUMNS = ['id', 'client_id', 'title', 'incident_type', 'severity', 'status', 'outcome', 'incident_date', 'resolved_at']; // prettier-ignore
const DEADLINES = 'incident_deadlines ON incident_deadlines.incident_id = security_incidents.id';

/** Incidents of a while, and older ones that are not resolved now, each with its deadlines. */
@Injectable()
export class IncidentsReport {
  constructor(
    private readonly units: Units,
    private readonly incidents: IncidentsService,
    private readonly clients: ClientsService,
  ) {}

  /** Three queries, and one for names. */
  async report({ frame, period }: Asked): Promise<IncidentsOfPeriod> {
    requireReach(currentActor(), this.incidents.spec.path);
    const among = this.among(frame.client_id, period);
    const groups = await this.groups(among);
    const { rows, deadlines, total } = await this.rows(among, frame.made_at);
    const names = await this.clients.namesOf([...new Set(rows.flatMap(one => one.client_id ?? []))]);
    const sum = (all: Row[]) => all.reduce((sum, one) => sum + Number(one.incidents), 0);
    const by = (column: string, names: readonly string[]) =>
      Object.fromEntries(names.map(name => [name, sum(groups.filter(one => one[column] === name))]));
    const months = [...new Set(groups.map(one => String(one.month)))].sort();
    return {
      ...frame,
      ...period,
      ...bounded(
        rows.map(row => ({ ...row, client_name: names.get(row.client_id ?? '') ?? null })),
        total,
      ),
      incidents: sum(groups),
      by_severity: by('severity', SEVERITIES),
      by_status: by('status', STATUSES),
      by_month: by('month', months),
      deadlines,
    };
  }

  private among(client_id: string | null, { from, to }: Asked['period']): Clause {
    return allOf([
      ...this.incidents.visible(),
      {
        sql: "security_incidents.incident_date <= ? AND (security_incidents.incident_date >= ? OR security_incidents.status <> 'resolved')",
        values: [to, from],
      },
      ...(client_id === null ? [] : [{ sql: 'security_incidents.client_id = ?', values: [client_id] }]),
    ]);
  }

  private groups({ sql, values }: Clause): Promise<Row[]> {
    const month = 'SUBSTR(CAST(security_incidents.incident_date AS CHAR), 1, 7)';
    const text =
      `SELECT security_incidents.severity, security_incidents.status, ${month} AS month, COUNT(*) AS incidents ` +
      `FROM security_incidents WHERE ${sql} GROUP BY security_incidents.severity, security_incidents.status, ${month}`;
    return this.units.sql.scan<Row>(text, values);
  }

  private async rows({ sql, values }: Clause, made_at: string) {
    const time = encodeMoment(made_at);
    const [due, notified] = ['incident_deadlines.due_at', 'incident_deadlines.notified_at'];
    const state =
      `CASE WHEN incident_deadlines.id IS NULL THEN NULL WHEN ${notified} IS NOT NULL THEN ` +
      `CASE WHEN ${notified} <= ${due} THEN 'met' ELSE 'late' END WHEN ${due} < ? THEN 'overdue' ELSE 'open' END`;
    const counted = await this.units.sql.scan<Row>(
      `SELECT ${state} AS state, COUNT(*) AS total FROM security_incidents LEFT JOIN ${DEADLINES} WHERE ${sql} GROUP BY 1`,
      [time, ...values],
    );
    const found = await this.units.sql.scan<Row>(
      `SELECT ${COLUMNS.map(one => `security_incidents.${one}`).join(', ')}, incident_deadlines.label, ${due} AS due_at, ` +
        `${notified} AS notified_at, ${state} AS state FROM security_incidents LEFT JOIN ${DEADLINES} WHERE ${sql} ` +
        `ORDER BY security_incidents.incident_date DESC, security_incidents.id DESC, ${due} LIMIT ${MOST_ROWS}`,
      [time, ...values],
    );
    const of = (name: string | null) => Number(counted.find(one => one.state === name)?.total ?? 0);
    return {
      rows: found.map(rowOf),
      deadlines: Object.fromEntries(DEADLINE_STATES.map(one => [one, of(one)])) as Record<
        DeadlineState,
        number
      >,
      total: counted.reduce((sum, one) => sum + Number(one.total), 0),
    };
  }
}

function rowOf(row: Row) {
  return {
    incident_id: String(row.id),
    client_id: row.client_id as string | null,
    title: String(row.title),
    incident_type: String(row.incident_type),
    severity: String(row.severity),
    status: String(row.status),
    outcome: String(row.outcome),
    incident_date: String(row.incident_date),
    resolved_at: decodeMomentIfSet(row.resolved_at),
    deadline: row.label as string | null,
    due_at: decodeMomentIfSet(row.due_at),
    notified_at: decodeMomentIfSet(row.notified_at),
    deadline_state: row.state as DeadlineState | null,
  };
}
