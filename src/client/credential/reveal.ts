import { ClientError, EXIT } from '../cli/errors.js';
import { askAsUser } from '../session/as-user.js';
import { type Found, findCredentials, type Named } from './find-credentials.js';
import { missing } from './named.js';

/** A credential, with its secrets by field. */
export interface Revealed extends Found {
  secrets: Record<string, string>;
}

/** What the server wants to know of a reveal. */
export interface Grounds {
  /** Why, for the trail: at least 3 characters. */
  reason: string;
  /** A fresh code of the user's own second factor, where a policy asks for one. */
  otp?: string;
}

interface Result {
  id: string;
  status: number;
  secrets?: Record<string, string>;
  error?: string;
}

/** Of one request (`RevealBody` of the server). */
const MOST_AT_ONCE = 100;

/**
 * Opens credentials: those that are found, in as few requests as there can be. The answers have the order of what is asked
 * for, each the credential or why not (exit codes: 3 for none of that name, 1 for several, and for a refusal).
 *
 * @throws ClientError where the server cannot be asked at all (4), or does not know the user
 */
export async function revealCredentials(
  wanted: Named[],
  grounds: Grounds,
): Promise<(Revealed | ClientError)[]> {
  const found = await findCredentials(wanted);
  const ids = [...new Set(found.flatMap(one => (one instanceof ClientError ? [] : [one.id])))];
  const results = new Map<string, Result>();
  for (let at = 0; at < ids.length; at += MOST_AT_ONCE) {
    const answer = await askAsUser<{ results: Result[] }>({
      method: 'POST',
      path: '/credentials/reveal',
      body: { ids: ids.slice(at, at + MOST_AT_ONCE), reason: grounds.reason },
      headers: grounds.otp === undefined ? {} : { 'x-opskeep-otp': grounds.otp },
    });
    for (const one of answer.results) results.set(one.id, one);
  }
  return found.map(one => {
    if (one instanceof ClientError) return one;
    const { status, secrets, error } = results.get(one.id) ?? { status: 404 };
    if (secrets) return { ...one, secrets };
    const message = `${one.name ?? one.service_name}: ${error ?? 'it was not revealed'}`;
    return status === 404
      ? missing(message)
      : new ClientError(message, EXIT.failed, status === 403 ? 'authorization' : 'failed');
  });
}

/** Fields in the order in which they are what a credential is about: of every type, the main one comes first. */
export const MAIN_FIRST = [
  'certificate',
  'connection_string',
  'api_key',
  'client_secret',
  'token',
  'private_key',
  'shared_secret',
  'password',
  'passphrase',
] as const;

/**
 * One value of a credential: a secret, or its user name, which stands beside them.
 *
 * @param field the main secret when absent
 * @returns ClientError 3 where it has none
 */
export function valueOf(revealed: Revealed, field?: string): string | ClientError {
  const { secrets, username, name, service_name } = revealed;
  const named = field ?? MAIN_FIRST.find(one => secrets[one] !== undefined);
  const value = named === 'username' ? (username ?? undefined) : named ? secrets[named] : undefined;
  if (named !== undefined && value !== undefined && (named === 'username' || Object.hasOwn(secrets, named)))
    return value;
  const has = Object.keys(secrets).join(', ') || 'none';
  return missing(`${name ?? service_name} has no ${field ?? 'secret'}. It has: ${has}`);
}
