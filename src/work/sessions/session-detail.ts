import { ValidationError } from '../../core/context/errors.js';
import { forShare } from '../../core/database/locks.js';
import type { ResourceKit } from '../../core/resource/kit.js';
import { ResourceEntity } from '../../core/resource/resource.js';
import { BelongsTo } from '../../core/table/field-decorators.js';
import { WorkItem } from '../work-items/work-item.entity.js';
import { Session } from './session.entity.js';

/** Of texts in which passwords and tokens turn up. */
export const MASKED = 'secrets in it are masked before it is stored';
export const SECRETS_MASKED = 'Secrets in it are masked before it is stored';

/** What was done in a session, or for one work item of it; its client is that of the session. */
export abstract class SessionDetail extends ResourceEntity {
  @BelongsTo(() => Session, { onDelete: 'CASCADE', listBy: true }) session_id!: string;
  @BelongsTo(() => WorkItem, {
    onDelete: 'CASCADE',
    optional: true,
    listBy: true,
    description: 'A work item of the same session',
  })
  work_item_id!: string | null;
}

/** The work item of a detail belongs to the same session; it does not leave the session until the unit ends. */
export async function requireOwnWorkItem(
  { sql }: ResourceKit['units'],
  { session_id, work_item_id }: SessionDetail,
  before?: SessionDetail,
): Promise<void> {
  const isAsBefore = before?.session_id === session_id && before.work_item_id === work_item_id;
  if (work_item_id === null || isAsBefore) return;
  const text = `SELECT session_id FROM work_items WHERE id = ?${forShare(sql.dialect)}`;
  const [item] = await sql.select<{ session_id: string }>(text, [work_item_id]);
  if (item?.session_id !== session_id)
    throw ValidationError.of('work_item_id', 'belongs to another session', 'session');
}
