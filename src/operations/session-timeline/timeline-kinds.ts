import type { Dialect } from '../../core/database/sql.js';
import type { Type } from '../../core/table/field-spec.js';
import { resourceOf } from '../../core/resource/resource.js';
import { BillableTime } from '../../work/billable-time/billable-time.entity.js';
import { CommandRun } from '../../work/commands-run/command-run.entity.js';
import { DatabaseChange } from '../../work/database-changes/database-change.entity.js';
import { Deployment } from '../../work/deployments/deployment.entity.js';
import { FileChange } from '../../work/file-changes/file-change.entity.js';
import { InfrastructureChange } from '../../work/infrastructure-changes/infrastructure-change.entity.js';
import { Session } from '../../work/sessions/session.entity.js';
import { WorkItem } from '../../work/work-items/work-item.entity.js';
import { TicketLink } from '../ticket-links/ticket-link.entity.js';

/** What stands on the timeline of a session, each with the moment at which it does. */
export const KINDS: readonly { type: Type; at: string; where?: string }[] = [
  { type: WorkItem, at: 'COALESCE(completed_at, created_at)' },
  { type: FileChange, at: 'created_at' },
  { type: CommandRun, at: 'executed_at' },
  { type: InfrastructureChange, at: 'created_at' },
  { type: Deployment, at: 'deployed_at' },
  { type: DatabaseChange, at: 'created_at' },
  { type: TicketLink, at: 'created_at' },
  { type: BillableTime, at: 'COALESCE(ended_at, started_at, created_at)' },
  // Its end.
  { type: Session, at: 'ended_at', where: 'ended_at IS NOT NULL AND id = ?' },
];

/** Kinds, ids and moments of all that belongs to a session (`?` for each of KINDS), in no order. */
export function timelineSource(dialect: Dialect): string {
  // MariaDB gives the parts of a union one collation, which the constants have to share.
  const text = (value: string) => (dialect === 'sqlite' ? `'${value}'` : `CAST('${value}' AS CHAR(40))`);
  return KINDS.map(({ type, at, where = 'session_id = ?' }) => {
    const { name, table } = resourceOf(type);
    return `SELECT ${text(name)} AS kind, id, ${at} AS at FROM ${table} WHERE ${where}`;
  }).join(' UNION ALL ');
}
