import { currentActor } from '../../../core/context/request-context.js';
import { clientRestriction } from '../../../core/resource/restriction.js';
import { resourceOf } from '../../../core/resource/resource.js';
import type { Clause } from '../../../core/table/clause.js';
import type { Type } from '../../../core/table/field-spec.js';
import { Site } from '../../../directory/sites/site.entity.js';
import { Infrastructure } from '../../../estate/infrastructure/infrastructure.entity.js';
import { M365Tenant } from '../../../estate/m365-tenants/m365-tenant.entity.js';
import { Network } from '../../../estate/networks/network.entity.js';
import { Service } from '../../../estate/services/service.entity.js';

/** What credentials are linked with. */
export interface LinkTarget {
  path: string;
  table: string;
  type: () => Type;
  /** The column of `credential_links`; of `credentials` as well, where there is a field for it. */
  column: 'infrastructure_id' | 'service_id' | 'site_id' | 'network_id' | 'm365_tenant_id';
  /** Whether credentials have a field for it. */
  isField: boolean;
}

const target = (
  table: string,
  column: LinkTarget['column'],
  type: LinkTarget['type'],
  more: Partial<LinkTarget> = {},
): LinkTarget => ({
  table,
  path: table.replaceAll('_', '-'),
  column,
  type,
  isField: false,
  ...more,
});

export const LINK_TARGETS: readonly LinkTarget[] = [
  target('infrastructure', 'infrastructure_id', () => Infrastructure, { isField: true }),
  target('services', 'service_id', () => Service, { isField: true }),
  target('networks', 'network_id', () => Network),
  target('m365_tenants', 'm365_tenant_id', () => M365Tenant),
  target('sites', 'site_id', () => Site, { isField: true }),
];

/** By path or by table: `m365-tenants`, `m365_tenants`. */
export function linkTarget(name: string): LinkTarget | undefined {
  return LINK_TARGETS.find(({ path, table }) => [path, table].includes(name));
}

/** Credentials that are linked with a row, or name it in a field of theirs. */
export function linkedWith({ column, isField }: LinkTarget, id: string): Clause {
  const links = `SELECT linked.credential_id FROM credential_links linked WHERE linked.${column} = ?`;
  const fields = ` UNION SELECT named.id FROM credentials named WHERE named.${column} = ?`;
  return {
    sql: `credentials.id IN (${links}${isField ? fields : ''})`,
    values: isField ? [id, id] : [id],
    isScan: true,
  };
}

/** As `linkedWith`; nothing for a row that the actor does not see. */
export function linkedWithSeen(one: LinkTarget, id: string): Clause {
  const { sql, values } = linkedWith(one, id);
  const allowed = clientRestriction(resourceOf(one.type()), currentActor());
  if (!allowed) return { sql, values };
  const seen = `EXISTS (SELECT 1 FROM ${one.table} WHERE ${one.table}.id = ? AND ${allowed.sql})`;
  return { sql: `(${sql} AND ${seen})`, values: [...values, id, ...allowed.values] };
}
