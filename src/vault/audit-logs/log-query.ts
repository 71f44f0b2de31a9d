import { type Outcome, OUTCOMES } from '../../core/audit/journal-entry.entity.js';
import { type FieldFault, ValidationError } from '../../core/context/errors.js';
import { encodeMoment } from '../../core/database/values.js';
import { isUuid } from '../../core/database/values.js';
import type { RawQuery } from '../../core/resource/lists/list-query.js';
import type { Clause } from '../../core/table/clause.js';
import { isInstant } from '../../core/database/values.js';
import { placeholders } from '../../core/database/sql.js';
import { JOURNAL_ACTIONS, LOG_ACTIONS, type LogAction, NAMED_ACTIONS } from './credential-audit-log.js';

/** A checked query of the audit view. */
export interface LogQuery {
  skip: number;
  limit: number;
  exact: boolean;
  cursor?: [number, number];
  clauses: Clause[];
}

const TIMES: Record<string, string> = {
  timestamp__gt: '>',
  timestamp__gte: '>=',
  timestamp__lt: '<',
  timestamp__lte: '<=',
};

const ONCE = new Set(['skip', 'limit', 'count', 'cursor', ...Object.keys(TIMES)]);

export function encodeLogCursor(at: [number, number]): string {
  return Buffer.from(JSON.stringify(at)).toString('base64url');
}

function decodeLogCursor(text: string): [number, number] | undefined {
  try {
    const [n, twin, ...more] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown[];
    const good = Number.isSafeInteger(n) && (twin === 0 || twin === 1) && more.length === 0;
    return good ? [n as number, twin as number] : undefined;
  } catch {
    return undefined;
  }
}

function whole(text: string, min: number, max: number): number | undefined {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  return value >= min && value <= max ? value : undefined;
}

/** An action of this view → the journal's entries that are shown as it. */
function actionClause(actions: LogAction[]): Clause {
  const own = actions.flatMap(action => JOURNAL_ACTIONS[action].own);
  const others = actions.includes('update') ? NAMED_ACTIONS : [];
  const more = others.length > 0 ? ` OR journal.action NOT IN (${placeholders(others.length)})` : '';
  const parts = [`(twins.twin = 0 AND (journal.action IN (${placeholders(own.length)})${more}))`];
  if (actions.some(action => JOURNAL_ACTIONS[action].twin)) parts.push('twins.twin = 1');
  return { sql: `(${parts.join(' OR ')})`, values: [...own, ...others] };
}

/** Filters: action, outcome, user_id, credential_id, timestamp__gt|gte|lt|lte; pages as everywhere. */
export function parseLogQuery(raw: RawQuery): LogQuery {
  const faults: FieldFault[] = [];
  const query: LogQuery = { skip: 0, limit: 100, exact: false, clauses: [] };
  for (const [name, given] of Object.entries(raw)) {
    const texts = [given ?? []].flat();
    const problem =
      ONCE.has(name) && texts.length > 1
        ? { message: 'may be given only once', rule: 'repeated' }
        : apply(query, name, texts);
    if (problem) faults.push({ field: name.slice(0, 100), ...problem });
  }
  if (raw.skip !== undefined && raw.cursor !== undefined)
    faults.push({ field: 'skip', message: 'cannot be used together with cursor', rule: 'conflict' });
  if (faults.length > 0) throw new ValidationError(faults, 'The query is not valid');
  return query;
}

function apply(query: LogQuery, name: string, texts: string[]): Omit<FieldFault, 'field'> | undefined {
  const [text = ''] = texts;
  switch (name) {
    case 'skip':
    case 'limit': {
      const [min, max] = name === 'skip' ? [0, 1_000_000_000] : [1, 1000];
      const value = whole(text, min, max);
      if (value === undefined)
        return { message: `must be a whole number from ${min} to ${max}`, rule: 'range' };
      query[name] = value;
      return undefined;
    }
    case 'count':
      query.exact = text === 'exact';
      return query.exact ? undefined : { message: 'can only be exact', rule: 'enum' };
    case 'cursor':
      query.cursor = decodeLogCursor(text);
      return query.cursor ? undefined : { message: 'is not a cursor of this list', rule: 'cursor' };
    case 'action':
      if (!texts.every(one => LOG_ACTIONS.includes(one as LogAction)))
        return { message: `must be one of ${LOG_ACTIONS.join(', ')}`, rule: 'enum' };
      query.clauses.push(actionClause(texts as LogAction[]));
      return undefined;
    case 'outcome':
      if (!texts.every(one => OUTCOMES.includes(one as Outcome)))
        return { message: `must be one of ${OUTCOMES.join(', ')}`, rule: 'enum' };
      query.clauses.push({ sql: `journal.outcome IN (${placeholders(texts.length)})`, values: texts });
      return undefined;
    case 'user_id':
    case 'credential_id': {
      if (!texts.every(isUuid)) return { message: 'must be a UUID', rule: 'isUuid' };
      const column = name === 'user_id' ? 'actor_id' : 'resource_id';
      query.clauses.push({
        sql: `journal.${column} IN (${placeholders(texts.length)})`,
        values: texts.map(one => one.toLowerCase()),
      });
      return undefined;
    }
    default:
      if (!TIMES[name]) return { message: 'is not a parameter of this list', rule: 'unknown' };
      if (!isInstant(text))
        return { message: 'must be a time in ISO 8601 with an offset', rule: 'isInstant' };
      query.clauses.push({ sql: `journal.at ${TIMES[name]} ?`, values: [encodeMoment(text)] });
      return undefined;
  }
}
