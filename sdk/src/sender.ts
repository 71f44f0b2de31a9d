import { errorOf, OpskeepConnectionError, retryAfter } from './errors.js';
import type { Session } from './session.js';
import { pause, together } from './waiting.js';

export interface SenderOptions {
  /** Instead of the global one: through a proxy, or with certificates of one's own. */
  fetch?: (request: Request) => Promise<Response>;
  /** How often a request is tried again after 429 or 503, or a GET that had no answer; 4 unless told. */
  retries?: number;
  /** Seconds; who is asked to wait longer gets the error instead. 60 unless told. */
  longest_wait?: number;
}

/** They take no token. */
const OPEN = /^\/api\/auth\/(login|refresh|token)$/;
/** They take no key: nothing of them may be stored. */
const KEYLESS = /^\/api\/auth\//;
const FIRST_WAIT = 0.5;
const MOST_BACK_OFF = 20;

/** Sends requests to one server: with the token, and again where that may help. */
export class Sender {
  private readonly fetch: (request: Request) => Promise<Response>;
  private readonly retries: number;
  private readonly longestWait: number;

  /** @param base without a slash at its end: `https://opskeep.example/prefix` */
  constructor(
    readonly base: string,
    { fetch = request => globalThis.fetch(request), retries = 4, longest_wait = 60 }: SenderOptions,
  ) {
    this.fetch = fetch;
    this.retries = retries;
    this.longestWait = longest_wait;
  }

  /** The answer, whatever its status. Rejects when there is none, or when the signal of the request ends it. */
  async send(request: Request, session?: Session): Promise<Response> {
    const path = this.pathOf(request);
    const asks = session && !OPEN.test(path) && !request.headers.has('authorization');
    if (request.method === 'POST' && !KEYLESS.test(path) && !request.headers.has('idempotency-key'))
      request.headers.set('idempotency-key', newKey());
    let token = asks ? await together(session.token(), request.signal) : undefined;
    for (let tried = 0, isRenewed = false; ;) {
      const response = await this.attempt(request, token, tried < this.retries);
      if (response && asks && !isRenewed && (await isTokenRefused(response))) {
        isRenewed = true;
        const other = await together(session.renewed(token), request.signal);
        if (other === undefined) return response;
        token = other;
      } else {
        const seconds = waitOf(response, tried);
        if (response && !(tried < this.retries && seconds <= this.longestWait)) return response;
        tried += 1;
        await pause(seconds, request.signal);
      }
      await response?.body?.cancel();
    }
  }

  /** Undefined: there was no answer, and the request may be sent again. */
  private async attempt(
    request: Request,
    token: string | undefined,
    mayRetry: boolean,
  ): Promise<Response | undefined> {
    const copy = request.clone();
    if (token !== undefined) copy.headers.set('authorization', `Bearer ${sendable(token)}`);
    try {
      const response = await this.fetch(copy);
      if (response.type !== 'opaqueredirect' && ![301, 302, 303, 307, 308].includes(response.status))
        return response;
    } catch (cause) {
      request.signal.throwIfAborted();
      if (mayRetry && request.method === 'GET') return undefined;
      throw new OpskeepConnectionError(`No answer from ${this.base}`, { cause });
    }
    // Whoever is led elsewhere would get the token there, or the password.
    throw new OpskeepConnectionError(`${this.base} leads elsewhere: no redirect is followed`);
  }

  /** Of our API alone, whatever it was put together of: the token is for nobody else. */
  private pathOf({ url }: Request): string {
    if (!url.startsWith(`${this.base}/api/`))
      throw new TypeError(`A path that is not below ${this.base}/api/`);
    return url.slice(this.base.length).replace(/[?#].*/s, '');
  }
}

/** What a header may hold: the error of `Headers` would tell the token. */
function sendable(token: unknown): string {
  const bare = typeof token === 'string' ? token.trim() : '';
  if (!/^[\x21-\x7e]+$/.test(bare))
    throw new TypeError('The token is empty, or has characters that no token has, such as a line break');
  return bare;
}

/** 401 of the token itself; a wrong password or code in a body is 401, too, and must not be sent twice. */
async function isTokenRefused(response: Response): Promise<boolean> {
  if (response.status !== 401) return false;
  const { details } = await errorOf(response.clone());
  return details.reason === 'expired' || details.reason === 'invalid';
}

/** Seconds until the next attempt; `Infinity` where none would help. */
function waitOf(response: Response | undefined, tried: number): number {
  if (response && response.status !== 429 && response.status !== 503) return Infinity;
  const backOff = Math.min(FIRST_WAIT * 2 ** tried, MOST_BACK_OFF) * (0.5 + Math.random() / 2);
  const asked = response && retryAfter(response.headers);
  // Not all at once who were asked to wait equally long.
  return asked === undefined ? backOff : asked + Math.random() * Math.min(1, asked);
}

/** A random UUID; `crypto.randomUUID` is there for https alone. */
function newKey(): string {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0'));
  return hex.join('');
}
