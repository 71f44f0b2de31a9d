import {
  Choice,
  Day,
  Flag,
  LongText,
  MayBelongTo,
  Moment,
  Text,
  Uuid,
} from '../../core/table/field-decorators.js';
import { Resource, ResourceEntity } from '../../core/resource/resource.js';
import { Client } from '../../directory/clients/client.entity.js';
import { Infrastructure } from '../../estate/infrastructure/infrastructure.entity.js';
import { Service } from '../../estate/services/service.entity.js';

export const INCIDENT_TYPES = [
  'bec',
  'backdoor',
  'malware',
  'unauthorized_access',
  'data_breach',
  'phishing',
  'ransomware',
  'brute_force',
  'other',
] as const;
export type IncidentType = (typeof INCIDENT_TYPES)[number];

export const SEVERITIES = ['medium', 'critical', 'high', 'low'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const STATUSES = ['investigating', 'contained', 'resolved', 'monitoring'] as const;
export type IncidentStatus = (typeof STATUSES)[number];

export const OUTCOMES = ['undetermined', 'true_positive', 'false_positive', 'benign'] as const;

const REPORTED = 'Stands in the report to the client';

/** A security incident; what happened stands on its timeline, what it touched and must be notified beside it. */
@Resource({
  name: 'security_incident',
  path: 'security-incidents',
  about: 'What happened, which credentials it touched, what was done, and by when it must be reported.',
  client: 'self',
  inheritsClient: true,
  overview: 'problems',
  taggable: true,
  changing:
    'Of an incident that a detection has opened, only the scope `msp:admin` changes what the detection found: client, ' +
    'type, severity, title and dates, and takes affected credentials away. Status and notes change as in any other, but ' +
    'not by the one whom it is about. Resolving one with deadlines that were not notified, or affected credentials that ' +
    'were neither rotated since nor archived, is 409 and names them in `details.open`, unless `outcome` is ' +
    '`false_positive` or `benign`, or `residual_risk` says why that is accepted.',
})
export class SecurityIncident extends ResourceEntity {
  @MayBelongTo(() => Client) client_id!: string | null;
  @MayBelongTo(() => Service) service_id!: string | null;
  @MayBelongTo(() => Infrastructure)
  infrastructure_id!: string | null;
  @Choice(INCIDENT_TYPES, { required: true }) incident_type!: IncidentType;
  @Day() incident_date!: string;
  @Choice(SEVERITIES, { required: true }) severity!: Severity;
  @Text({ max: 500, assigned: true, search: true, description: 'Type and date when absent' })
  title!: string;
  @LongText({ optional: true, search: true, description: REPORTED }) description!: string | null;
  @LongText({ optional: true, search: true, description: 'Working notes; not in the report to the client' })
  findings!: string | null;
  @LongText({ optional: true, description: REPORTED }) remediation_steps!: string | null;
  @Choice(STATUSES, {
    description:
      'investigating → contained → resolved or monitoring; monitoring → resolved; back only by reopening',
  })
  status!: IncidentStatus;
  @Choice(OUTCOMES) outcome!: (typeof OUTCOMES)[number];
  @LongText({ optional: true, description: REPORTED }) root_cause!: string | null;
  @LongText({
    optional: true,
    description:
      'What stays open when it is resolved, and why that is accepted; not in the report to the client. Reopening clears it',
  })
  residual_risk!: string | null;
  @Moment({ optional: true }) detected_at!: string | null;
  @Moment({
    optional: true,
    example: '2026-01-31T08:00:00.000Z',
    description: 'The deadlines of the templates are counted from here',
  })
  aware_at!: string | null;
  @Moment({ optional: true, readOnly: true }) contained_at!: string | null;
  @Moment({ optional: true, readOnly: true }) resolved_at!: string | null;
  @Flag({ default: false, description: 'With aware_at, opens the deadline of GDPR Art. 33' })
  is_personal_data!: boolean;

  /** What a detection opened it for. */
  @Text({ max: 200, internal: true, optional: true }) detection_key!: string | null;
  /** The same while it is unresolved: the key that keeps a second one from being opened. */
  @Text({ max: 200, internal: true, optional: true, unique: true }) open_detection!: string | null;
  /** The user whom it is about, who changes nothing of it without the scope msp:admin. */
  @Uuid({ internal: true, optional: true }) suspect_id!: string | null;
}
