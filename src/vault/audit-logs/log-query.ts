import { OUTCOMES } from '../../core/audit/journal-entry.entity.js';
import { placeholders } from '../../core/database/sql.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import {
  type LogFilter,
  type LogQuery,
  oneOf,
  parseLogQuery,
  timesOf,
  uuidIn,
} from '../../core/resource/logs/log-query.js';
import { JOURNAL_ACTIONS, LOG_ACTIONS, type LogAction, NAMED_ACTIONS } from './credential-audit-log.js';

/** Actions of this view → the journal's entries that are shown as them. */
const actionFilter: LogFilter = texts => {
  if (!texts.every(one => LOG_ACTIONS.includes(one as LogAction)))
    return { message: `must be one of ${LOG_ACTIONS.join(', ')}`, rule: 'enum' };
  const actions = texts as LogAction[];
  const own = actions.flatMap(action => JOURNAL_ACTIONS[action].own);
  const others = actions.includes('update') ? NAMED_ACTIONS : [];
  const more = others.length > 0 ? ` OR journal.action NOT IN (${placeholders(others.length)})` : '';
  const parts = [`(twins.twin = 0 AND (journal.action IN (${placeholders(own.length)})${more}))`];
  if (actions.some(action => JOURNAL_ACTIONS[action].twin)) parts.push('twins.twin = 1');
  return { sql: `(${parts.join(' OR ')})`, values: [...own, ...others] };
};

const FILTERS: Record<string, LogFilter> = {
  action: actionFilter,
  outcome: oneOf('journal.outcome', OUTCOMES),
  user_id: uuidIn('journal.actor_id'),
  token_id: uuidIn('journal.token_id'),
  credential_id: uuidIn('journal.resource_id'),
  ...timesOf('timestamp', 'journal.at'),
};

/** A place is a time, a number and a twin. */
export function parseCredentialLogQuery(raw: RawQuery): LogQuery {
  return parseLogQuery(raw, FILTERS, 3);
}
