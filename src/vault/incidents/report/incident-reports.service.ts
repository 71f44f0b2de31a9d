import { Injectable } from '@nestjs/common';
import { AffectedCredentialsService } from '../credentials/affected-credentials.service.js';
import { IncidentDeadlinesService } from '../deadlines/incident-deadlines.service.js';
import type { IncidentReport } from './incident-report.js';
import { IncidentTimelineService } from '../timeline/incident-timeline.service.js';
import type { SecurityIncident } from '../security-incident.entity.js';

/** The client-visible part of an incident. What is not named here does not get into a report. */
@Injectable()
export class IncidentReportsService {
  constructor(
    private readonly timeline: IncidentTimelineService,
    private readonly deadlines: IncidentDeadlinesService,
    private readonly affected: AffectedCredentialsService,
  ) {}

  async report(incident: SecurityIncident): Promise<IncidentReport> {
    const { id, title, incident_type, incident_date, severity, status, outcome, is_personal_data } = incident;
    const { detected_at, aware_at, contained_at, resolved_at } = incident;
    const { description, root_cause, remediation_steps } = incident;
    const timeline = await this.timeline.shared(incident);
    const deadlines = await this.deadlines.all(incident);
    const credentials = await this.affected.ofTheClient(incident);
    return {
      ...{ id, title, incident_type, incident_date, severity, status, outcome, is_personal_data },
      ...{ detected_at, aware_at, contained_at, resolved_at },
      ...{ description, root_cause, remediation_steps },
      timeline: timeline.map(({ at, kind, text }) => ({ at, kind, text })),
      deadlines: deadlines.map(({ label, due_at, notified_at, reference }) => ({
        label,
        due_at,
        notified_at,
        reference,
      })),
      credentials,
    };
  }
}
