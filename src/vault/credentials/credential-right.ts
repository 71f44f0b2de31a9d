import { type Actor, isAdmin } from '../../core/context/actor.js';
import { type Level, LEVELS } from '../permissions/credential-permission.entity.js';
import type { Credential } from './credential.entity.js';

/** What an actor may do with a credential, by what, and until when; null is without an end. */
export interface Right {
  level: Level;
  basis: 'ownership' | 'administration' | 'grant' | 'break-glass';
  until: string | null;
}

/** The best of the grants that hold now, on the credential or on its client. */
export interface Granted {
  level: Level;
  until: string | null;
}

/** A right that an administrator has opened for a few minutes (break-glass). */
export interface BrokenGlass {
  until: string;
  /** The owner is disabled or gone: nobody else could move the credential any more. */
  abandoned: boolean;
}

type Placed = Pick<Credential, 'client_id' | 'visibility' | 'owner_id'>;

/** Of one user alone: neither of a client nor in the pool. */
export function isPrivate({ client_id, visibility }: Placed): boolean {
  return client_id === null && visibility === 'private';
}

export const atLeast = (level: Level, wanted: Level) => LEVELS.indexOf(level) >= LEVELS.indexOf(wanted);

/**
 * Owners manage. Administrators manage what belongs to a client or the pool; of private credentials they see the
 * metadata, unless they hold a grant or have broken the glass. Everybody else has what was granted. Undefined: it does
 * not exist for this actor.
 */
export function rightOf(
  actor: Pick<Actor, 'id' | 'scopes'>,
  credential: Placed,
  granted?: Granted,
  broken?: BrokenGlass,
): Right | undefined {
  if (credential.owner_id === actor.id) return { level: 'manage', basis: 'ownership', until: null };
  const right = granted && { ...granted, basis: 'grant' as const };
  if (!isAdmin(actor)) return right;
  if (!isPrivate(credential)) return { level: 'manage', basis: 'administration', until: null };
  const opened = broken && {
    level: broken.abandoned ? ('manage' as const) : ('reveal' as const),
    basis: 'break-glass' as const,
    until: broken.until,
  };
  const seen = { level: 'view' as const, basis: 'administration' as const, until: null };
  return [right, opened, seen].reduce((best, one) =>
    one && !(best && atLeast(best.level, one.level)) ? one : best,
  );
}
