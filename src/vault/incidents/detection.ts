import type { IncidentType, Severity } from './security-incident.entity.js';

/** What a watch has noticed. */
export interface Detection {
  /** One unresolved incident for each key: what is seen again is added to its timeline. At most 200 characters. */
  key: string;
  incident_type: IncidentType;
  severity: Severity;
  /** Names no credential: who reads the incident may not see it. The link names it to whoever sees it. */
  title: string;
  /** What was seen, in words, without secrets and names of credentials; each time it stands on the timeline. */
  text: string;
  /** The user who is suspected: works on the incident with the scope msp:admin alone. */
  suspect_id?: string;
  /** That of the affected credentials when absent; where they belong to several, there is an incident for each. */
  client_id?: string | null;
  /** Audit entries that prove it, by id. */
  journal_ids?: string[];
  /** Credentials that it affects. */
  credential_ids?: string[];
}
