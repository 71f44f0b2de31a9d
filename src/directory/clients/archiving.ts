import { ValidationError } from '../../core/context/errors.js';
import { now } from '../../core/database/values.js';
import type { Client } from './client.entity.js';

type Said = Partial<Record<'status' | 'archived_at', unknown>>;

/** The status `archived` and `archived_at` say the same: what the writer changes sets the other one; 422 where both differ. */
export function archiveWhole(row: Client, before: Client | undefined, body: Said): void {
  const isArchived = row.status === 'archived';
  if (isArchived === (row.archived_at !== null)) return;
  const saysStatus = before ? row.status !== before.status : body.status !== undefined;
  const saysMoment = before ? row.archived_at !== before.archived_at : body.archived_at !== undefined;
  if (saysStatus && saysMoment)
    throw ValidationError.of(
      'archived_at',
      isArchived ? 'must be set where the status is archived' : 'must be null unless the status is archived',
      'archived',
    );
  if (saysStatus) row.archived_at = isArchived ? now() : null;
  else row.status = isArchived ? 'active' : 'archived';
}
