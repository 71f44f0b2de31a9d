import { createHash } from 'node:crypto';
import { currentActor } from '../../core/context/request-context.js';
import type { ResourceEntity } from '../../core/resource/resource.js';

/** A row that is known by its content. */
export interface RecurringRow extends ResourceEntity {
  project_id: string | null;
  client_id: string | null;
  user_id: string | null;
  /** SHA-256 of the content, in hex. */
  content_hash: string;
  /**
   * The hash within the project (else the client, else the user). Of the twin of a row that its writer does not see, that
   * among the writer's rows there; null where that is taken as well.
   */
  content_key: string | null;
}

/** Among the rows of the first of these that is set, a content is there once. */
export const PLACE = ['project_id', 'client_id', 'user_id'] as const;

export function isSamePlace(row: RecurringRow, other: RecurringRow): boolean {
  return PLACE.every(name => row[name] === other[name]);
}

/**
 * The key that a row of this content has where nobody else has it, and then the one among those of its user. Whoever
 * writes a row is its user where it names none; of a stored row (`before`) whose user has left nobody is.
 */
export function keysOf(row: RecurringRow, content: string[], before?: RecurringRow): string[] {
  const { project_id, client_id, user_id } = row;
  const user = user_id ?? (before ? null : currentActor().id);
  const place = project_id ?? client_id;
  const first = place ?? user;
  const among = [first ? [first] : undefined, user ? [place ?? '', user] : undefined];
  return among.flatMap(one => (one ? [hashOf([...one, hashOf(content)])] : []));
}

/** SHA-256, in hex. */
export function hashOf(parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
