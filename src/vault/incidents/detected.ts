import { isAdmin } from '../../core/context/actor.js';
import { AuthorizationError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import type { SecurityIncident } from './security-incident.entity.js';

/** What a detection has found out: whose incident it is, of what kind and how grave. */
const DETECTED = [
  'client_id',
  'incident_type',
  'severity',
  'title',
  'incident_date',
  'detected_at',
] as const satisfies (keyof SecurityIncident)[];

/** Who raised it may be the one whom it is about: what it says is the administrators' to change. */
export function requireAsDetected(row: SecurityIncident, before: SecurityIncident): void {
  const field = DETECTED.find(name => row[name] !== before[name]);
  if (field)
    requireAdministrator(before, `The ${field} of an incident that a detection has opened is changed`, field);
}

/** The same for the credentials that it affects. */
export function requireMayUnlink(incident: SecurityIncident): void {
  requireAdministrator(incident, 'Credentials are taken from an incident that a detection has opened');
}

/** Whom it is about neither closes it nor writes its findings. */
export function requireNoSuspect(incident: SecurityIncident): void {
  if (incident.suspect_id === currentActor().id)
    requireAdministrator(incident, 'An incident is changed by the one whom it is about');
}

function requireAdministrator(incident: SecurityIncident, what: string, field?: string): void {
  if (incident.detection_key === null || isAdmin(currentActor())) return;
  throw new AuthorizationError(`${what} with the scope msp:admin alone`, {
    scope: 'msp:admin',
    resource_type: 'SecurityIncident',
    resource_id: incident.id,
    ...(field ? { field } : {}),
  });
}
