import type { Change } from '../../changes/change.js';
import { allResources } from '../../../core/resource/resource.js';
import { now } from '../../../core/database/values.js';
import { REMINDER } from '../../changes/reminder.js';
import { TEST_EVENT } from '../event-patterns.js';
import type { WebhookDelivery } from '../webhook-delivery.entity.js';

/** The body of a delivery: what `GET /api/changes` tells, with the event and the delivery that it belongs to. */
export type Notification = { id: string; event: string; row_id: string } & Partial<
  Omit<Change, 'id' | 'seq'>
> & {
    seq: number | null;
  };

/** `site.created` */
export function eventOf({ resource, kind }: Pick<Change, 'resource' | 'kind'>): string {
  if (kind === 'reminder') return REMINDER;
  const name = allResources().find(one => one.path === resource)?.name ?? resource;
  return `${name}.${kind}`;
}

export function notificationOf(
  delivery: Pick<WebhookDelivery, 'id' | 'event'>,
  change: Change,
): Notification {
  const {
    id: row_id,
    seq,
    at,
    resource,
    kind,
    version,
    client_id,
    changes,
    is_complete,
    expiration,
  } = change;
  const { id, event } = delivery;
  return {
    id,
    event,
    seq,
    at,
    resource,
    row_id,
    kind,
    version,
    client_id,
    changes,
    is_complete,
    ...(expiration ? { expiration } : {}),
  };
}

/** What a test sends: nothing of any row. */
export function testNotification({ id, row_id }: Pick<WebhookDelivery, 'id' | 'row_id'>): Notification {
  return { id, event: TEST_EVENT, seq: null, at: now(), row_id };
}
