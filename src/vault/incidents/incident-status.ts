import { ConflictError } from '../../core/context/errors.js';
import type { IncidentStatus } from './security-incident.entity.js';

/** Forward only: the way back is a reopening, which asks for a reason. */
const NEXT: Record<IncidentStatus, readonly IncidentStatus[]> = {
  investigating: ['contained'],
  contained: ['resolved', 'monitoring'],
  monitoring: ['resolved'],
  resolved: [],
};

function refusal(
  message: string,
  incident: { id: string | null },
  allowed: readonly IncidentStatus[],
): ConflictError {
  return new ConflictError(`${message}; allowed next: ${allowed.join(', ') || 'none'}`, {
    field: 'status',
    resource_type: 'SecurityIncident',
    resource_id: incident.id,
    allowed,
  });
}

/** A new incident is under investigation; 409 otherwise. */
export function requireFirstStatus(status: IncidentStatus): void {
  if (status !== 'investigating')
    throw refusal(`A new incident cannot be ${status}`, { id: null }, ['investigating']);
}

/** Staying is no transition; any other step that the machine does not know is 409. */
export function requireTransition(
  incident: { id: string; status: IncidentStatus },
  status: IncidentStatus,
): void {
  const allowed = NEXT[incident.status];
  if (status === incident.status || allowed.includes(status)) return;
  const hint = status === 'investigating' ? ' other than by a reopening with a reason' : '';
  throw refusal(`An incident that is ${incident.status} cannot become ${status}${hint}`, incident, allowed);
}

/** Only what has left the investigation can go back to it; 409 otherwise. */
export function requireReopenable(incident: { id: string; status: IncidentStatus }): void {
  if (incident.status === 'investigating')
    throw refusal(
      'The incident is under investigation and cannot be reopened',
      incident,
      NEXT[incident.status],
    );
}

/** The times that reaching a status sets. */
export function stampsOf(
  status: IncidentStatus,
  at: string,
): { contained_at?: string; resolved_at?: string } {
  if (status === 'contained') return { contained_at: at };
  return status === 'resolved' ? { resolved_at: at } : {};
}
