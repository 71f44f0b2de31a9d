import { ConflictError } from '../../core/context/errors.js';
import type { IncidentDeadline } from './deadlines/incident-deadline.entity.js';
import type { SecurityIncident } from './security-incident.entity.js';

/** What of an incident is not done yet. */
export interface OpenEnds {
  deadlines: readonly IncidentDeadline[];
  /** Affected credentials that were not rotated: those that the actor sees, and whether there are more. */
  credentials: { seen: readonly string[]; more: boolean };
}

/** Nothing happened: nobody has to be notified, and nothing to be rotated. */
const CAME_TO_NOTHING: readonly SecurityIncident['outcome'][] = ['false_positive', 'benign'];

/** Whether it may be resolved whatever is open. */
export function isAccepted({ outcome, residual_risk }: SecurityIncident): boolean {
  return CAME_TO_NOTHING.includes(outcome) || residual_risk !== null;
}

/** 409 names what is open; a passed deadline is one that was missed, and is notified late. */
export function requireNothingOpen({ id }: SecurityIncident, { deadlines, credentials }: OpenEnds): void {
  const missing = deadlines.filter(one => one.notified_at === null);
  const isUnrotated = credentials.seen.length > 0 || credentials.more;
  if (missing.length === 0 && !isUnrotated) return;
  const what = [
    ...missing.map(one => `the deadline ${one.label} was not notified`),
    ...(isUnrotated ? ['affected credentials were not rotated'] : []),
  ];
  throw new ConflictError(
    `It is not done: ${what.join('; ')}. Do it, say in residual_risk why it stays open, or set the outcome false_positive or benign`,
    {
      field: 'status',
      resource_type: 'SecurityIncident',
      resource_id: id,
      open: {
        deadlines: missing.map(one => ({ id: one.id, label: one.label, due_at: one.due_at })),
        credential_ids: credentials.seen,
        hidden_credentials: credentials.more,
      },
    },
  );
}
