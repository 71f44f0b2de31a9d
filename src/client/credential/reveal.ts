import { ClientError, EXIT } from '../cli/errors.js';
import { askAsUser } from '../session/as-user.js';
import { type Found, nameOf } from './called.js';
import { findCredentials, type Named } from './find-credentials.js';
import { fewAtOnce } from '../server/few-at-once.js';
import { mainFieldOf } from './main-field.js';
import { missing } from '../naming/query.js';
import { inOptions } from './policy.js';

/** A credential, with its secrets by field. */
export interface Revealed extends Found {
  secrets: Record<string, string>;
}

/** What the server wants to know of a reveal. */
export interface Grounds {
  /** Why, for the trail: at least 3 characters. Without one, only what no policy guards is opened, one at a time. */
  reason?: string;
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

const codeHeader = (otp: string | undefined): Record<string, string> =>
  otp === undefined ? {} : { 'x-opskeep-otp': otp };

async function openedFor(reason: string, ids: string[], otp: string | undefined): Promise<Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < ids.length; at += MOST_AT_ONCE) {
    const answer = await askAsUser<{ results: Result[] }>({
      method: 'POST',
      path: '/credentials/reveal',
      body: { ids: ids.slice(at, at + MOST_AT_ONCE), reason },
      headers: codeHeader(otp),
      holds: ['results[].id', 'results[].error?'],
    });
    results.push(...answer.results);
  }
  return results;
}

/** As it is read by who needs to give no reason. */
async function openedPlainly(id: string, otp: string | undefined): Promise<Result> {
  try {
    const wanted = { path: `/credentials/${id}`, headers: codeHeader(otp), holds: ['secret_fields[]'] };
    const answer = await askAsUser<Record<string, unknown> & { secret_fields: string[] }>(wanted);
    const shown = answer.secret_fields.flatMap(field => {
      const value = answer[field];
      return typeof value === 'string' ? [[field, value] as const] : [];
    });
    // The seed of one-time codes is never shown: who sees nothing of the others lacks the right.
    const isClosed = shown.length === 0 && answer.secret_fields.some(field => field !== 'totp_secret');
    if (isClosed)
      return {
        id,
        status: 403,
        error: 'This needs the grant reveal on the credential, and a token that may use it',
      };
    return { id, status: 200, secrets: Object.fromEntries(shown) };
  } catch (error) {
    if (!(error instanceof ClientError) || error.code === 'unreachable' || error.code === 'authentication')
      throw error;
    return { id, status: error.exitCode === EXIT.missing ? 404 : 403, error: error.message };
  }
}

/**
 * Opens credentials: those that are found, in as few requests as there can be. The answers have the order of what is asked
 * for, each the credential or why not (exit codes: 3 for none of that name, 1 for several, and for a refusal).
 *
 * @throws ClientError where the server cannot be asked at all (4), or does not know the user
 */
export async function revealCredentials(
  wanted: Named[],
  { reason, otp }: Grounds,
): Promise<(Revealed | ClientError)[]> {
  const found = await findCredentials(wanted);
  const ids = [...new Set(found.flatMap(one => (one instanceof ClientError ? [] : [one.id])))];
  const opened =
    reason === undefined
      ? await fewAtOnce(ids, id => openedPlainly(id, otp))
      : await openedFor(reason, ids, otp);
  const results = new Map(opened.map(one => [one.id, one]));
  return found.map(one => {
    if (one instanceof ClientError) return one;
    const { status, secrets, error = 'it was not revealed' } = results.get(one.id) ?? { status: 404 };
    if (secrets) return { ...one, secrets };
    const message = `${nameOf(one)}: ${inOptions(error)}`;
    return status === 404
      ? missing(message)
      : new ClientError(message, EXIT.failed, status === 403 ? 'authorization' : 'failed');
  });
}

/**
 * One value of a credential: a secret, or its user name, which stands beside them.
 *
 * @param field the main secret when absent
 * @returns ClientError 3 where it has none
 */
export function valueOf(revealed: Revealed, field?: string): string | ClientError {
  const { secrets, username, credential_type } = revealed;
  const main = mainFieldOf(credential_type) ?? '';
  const named = field ?? (Object.hasOwn(secrets, main) ? main : Object.keys(secrets)[0]);
  const value = named === 'username' ? (username ?? undefined) : named ? secrets[named] : undefined;
  if (named !== undefined && value !== undefined && (named === 'username' || Object.hasOwn(secrets, named)))
    return value;
  const has = Object.keys(secrets).join(', ') || 'none';
  return missing(`${nameOf(revealed)} has no ${field ?? 'secret'}. It has: ${has}`);
}
