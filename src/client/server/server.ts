import { ClientError, EXIT } from '../cli/errors.js';
import { connectionOf } from '../configuration.js';
import { MEND_TOKEN, refusalOf } from '../refusals.js';
import { type Holds, isAnswer } from './holds.js';
import { request } from './request.js';
import { type Answered, UnreachableError } from './request-types.js';

const PATIENCE_MS = 30_000;

/** A request of a command to the configured server. */
export interface Wanted {
  method?: string;
  /** Behind `/api`. */
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
  patience?: number;
  holds?: Holds;
}

/** @throws ClientError when no server, no token, or a wrong address is configured */
export function requiredConnection(): { url: string; token: string } {
  const { url, token, fault } = connectionOf();
  const told = fault ?? 'nothing is configured';
  const said = told.charAt(0).toUpperCase() + told.slice(1);
  if (!url)
    throw new ClientError(
      `${said}. Run: opskeep login --url URL, or opskeep hooks install --url URL, or set OPSKEEP_URL`,
      EXIT.usage,
      'no_server',
    );
  if (!token)
    throw new ClientError(
      `${said}. Run: opskeep login, or opskeep hooks install --token FILE, or set OPSKEEP_TOKEN`,
      EXIT.usage,
      'no_token',
    );
  return { url, token };
}

/** A server, and as whom it is asked. */
export interface Door {
  url: string;
  token?: string;
}

/**
 * What a server answers, whatever it says.
 *
 * @throws ClientError 4 when none comes
 */
export async function answerOf(
  { method = 'GET', path, body, headers, patience = PATIENCE_MS }: Wanted,
  { url, token }: Door,
): Promise<Answered> {
  try {
    return await request({ method, url: `${url}/api${path}`, token, body, headers, patience });
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    throw new ClientError(`${url} is not reachable (${error.reason})`, EXIT.away, 'unreachable');
  }
}

/**
 * What an answer holds; undefined where the server has nothing to say (204).
 *
 * @param mend what to do where the server does not know the token
 * @throws ClientError for every answer of 400 and above, with what the server says and the exit code that belongs to it; 4
 *   for what is no answer of Opskeep, such as a redirect
 */
export function contentOf<T>(
  { status, body }: Answered,
  url: string,
  { mend = MEND_TOKEN, holds = [] }: { mend?: string; holds?: Holds } = {},
): T {
  if (status >= 400) throw refusal({ status, body }, mend);
  const isEmpty = status === 204 && holds.length === 0;
  if (status >= 300 || !(isEmpty || isAnswer(body, holds))) throw notOpskeep(url);
  return body as T;
}

export const notOpskeep = (url: string) =>
  new ClientError(`${url} answers, but not as Opskeep does`, EXIT.away, 'unreachable');

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);

/** What the server says of fields, if it says it as Opskeep does. */
function faultsIn(details: unknown): Fault[] {
  const { errors } = (details ?? {}) as { errors?: unknown };
  if (!isAnswer({ errors }, ['errors[].field', 'errors[].message'])) return [];
  return errors as Fault[];
}

function refusal({ status, body = {} }: Answered, mend: string): ClientError {
  if (status === 401)
    return new ClientError(
      `${refusalOf(status, 'log in').reason}. To mend: ${mend}`,
      EXIT.failed,
      'authentication',
    );
  const message = saidOf(textOf(body.error) ?? `The server answered with ${status}`, faultsIn(body.details));
  const away = status === 503 || status === 502 || status === 504;
  return new ClientError(
    message,
    away ? EXIT.away : status === 404 ? EXIT.missing : EXIT.failed,
    textOf(body.code) ?? String(status),
  );
}

interface Fault {
  field: string;
  message: string;
}

/** A single fault is what the server says already; that an `id` is at fault means nothing to who has given a name. */
function saidOf(error: string, faults: Fault[]): string {
  const [only, ...more] = faults;
  if (only && more.length === 0 && error === `${only.field}: ${only.message}`)
    return only.field === 'id' ? only.message : error;
  return [error, ...faults.map(one => `  ${one.field}: ${one.message}`)].join('\n');
}
