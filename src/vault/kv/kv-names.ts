import { placeholders } from '../../core/database/sql.js';
import { isUuid } from '../../core/database/values.js';
import type { Clause } from '../../core/table/clause.js';
import { normalized } from '../../formats/normalized.js';

/** Where credentials without a client are, as in references (`opskeep://pool/…`). */
export const POOL = 'pool';
export const PRIVATE = 'private';

/** What would end a path or a part of it, and what begins an escape; clients that encode nothing send the rest well. */
const ENDING = /[%/?#\\]/g;

/** A name as it can be sent as part of a path by every client; undefined where its row is asked for by id alone. */
export function keyOf(name: string): string | undefined {
  if (isUuid(name) || name === '.' || name === '..') return undefined;
  return name.replace(ENDING, encodeURIComponent);
}

/**
 * The names that a part of a path, which was decoded once, may stand for, the likelier first: some clients encode what
 * they are given, escapes too.
 */
export function namesOf(part: string): string[] {
  const names = [part, decoded(part)].map(name => normalized(name, 'NFC').trim());
  return [...new Set(names)];
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The credentials that have one of the names, as handle or as service: each along its own index. */
export function whereCalled(names: string[]): Clause {
  const list = placeholders(names.length);
  return {
    sql:
      `credentials.id IN (SELECT n.id FROM credentials n WHERE n.name IN (${list}) ` +
      `UNION SELECT s.id FROM credentials s WHERE s.service_name IN (${list}))`,
    values: [...names, ...names],
  };
}
