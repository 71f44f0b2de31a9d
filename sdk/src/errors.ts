import type { components } from './schema.js';

type Answer = components['schemas']['ErrorAnswer'];

/** `unreadable`: the answer was not the server's own, such as the page of a proxy. */
export type ErrorCode = Answer['code'] | 'unreadable';

/** What the server refused, or could not do: the one shape of its errors. */
export class OpskeepError extends Error {
  override readonly name = 'OpskeepError';

  constructor(
    message: string,
    /** Of HTTP, 400 and above; that of success, where its body is `unreadable`. */
    readonly status: number,
    readonly code: ErrorCode,
    /** What is known of it; `errors` names the fields at fault. */
    readonly details: Answer['details'],
    /** Under which the server's log and trail know the request. */
    readonly request_id: string | null,
    /** Seconds that the server asks to wait, of 429 and 503. */
    readonly retry_after?: number,
  ) {
    super(message);
  }
}

/** There was no answer: network, name, certificate, a redirect, or (in a browser) `CORS_ORIGINS` of the server. */
export class OpskeepConnectionError extends Error {
  override readonly name = 'OpskeepConnectionError';
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** The error that an answer of 400 and above tells. Its body is read. */
export async function errorOf(response: Response): Promise<OpskeepError> {
  const { status, headers } = response;
  const body: unknown = await response.json().catch(() => undefined);
  const wait = retryAfter(headers);
  if (!isObject(body) || typeof body.error !== 'string' || typeof body.code !== 'string')
    return new OpskeepError(
      `The answer was ${status}, and not of Opskeep`,
      status,
      'unreadable',
      { errors: [] },
      headers.get('x-request-id'),
      wait,
    );
  const details = isObject(body.details) ? body.details : {};
  const errors = Array.isArray(details.errors) ? (details.errors as Answer['details']['errors']) : [];
  const id = typeof body.request_id === 'string' ? body.request_id : null;
  return new OpskeepError(body.error, status, body.code as ErrorCode, { ...details, errors }, id, wait);
}

/** Seconds of `Retry-After`, which may be a date (RFC 9110, 10.2.3). */
export function retryAfter(headers: Headers): number | undefined {
  const told = headers.get('retry-after');
  if (told === null) return undefined;
  const seconds = /^\d+$/.test(told) ? Number(told) : (Date.parse(told) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}
