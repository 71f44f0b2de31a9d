import type { AuditFact } from '../../core/audit/audit.service.js';
import type { Type } from '../../core/table/field-spec.js';
import type { ResourceKit } from '../../core/resource/kit.js';
import { parseListQuery } from '../../core/resource/lists/list-query.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import { type Page, readPage } from '../../core/resource/lists/page.js';
import type { ResourceSpec } from '../../core/resource/resource.js';
import { storedOf } from '../../core/table/stored.js';
import type { Clause } from '../../core/table/clause.js';
import type { SecurityIncident } from './security-incident.entity.js';

/**
 * A table that hangs on an incident, as the makers of lists and of the document know resources. It has no
 * uniform routes: what is not written by hand cannot be done to it.
 */
export function childSpec(type: Type, name: string, path: string): ResourceSpec {
  return {
    ...storedOf(type),
    name,
    path,
    about: 'A part of security incidents.',
    client: 'shared',
    label: type.name,
  };
}

/** A page of what hangs on one incident, in `order` unless asked otherwise; who may see it was checked before. */
export function childPage<T>(
  { units }: ResourceKit,
  spec: ResourceSpec,
  incident_id: string,
  order: string,
  raw: RawQuery,
  ...more: Clause[]
): Promise<Page<T>> {
  const query = parseListQuery(spec, { sort: order, ...raw }, units.sql.dialect);
  const own = { sql: `${spec.table}.incident_id = ?`, values: [incident_id] };
  return readPage<T>(units, spec, query, [own, ...more]);
}

/** `security_incident.<verb>`: an audit entry about something that hangs on an incident. */
export function incidentFact(
  { id, client_id, title }: SecurityIncident,
  verb: string,
  details: Record<string, unknown>,
  changes?: AuditFact['changes'],
): AuditFact {
  return {
    action: `security_incident.${verb}`,
    resource_type: 'security_incident',
    resource_id: id,
    client_id,
    name: title,
    details,
    changes,
  };
}
