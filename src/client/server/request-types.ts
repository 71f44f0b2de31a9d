export interface Asked {
  method: string;
  /** The whole address. */
  url: string;
  token?: string;
  body?: unknown;
  /** Milliseconds for everything: connecting, sending, answering. */
  patience: number;
}

export interface Answered {
  status: number;
  /** Of a JSON answer; undefined for another. */
  body: Record<string, unknown> | undefined;
  /** Seconds, of `Retry-After`. */
  retryAfter?: number;
}

/** No answer came: nothing listens there, the name is unknown, or it took too long. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';

  constructor(
    /** Of Node.js, or `ETIMEDOUT`. */
    readonly reason: string,
  ) {
    super(`The server is not reachable (${reason})`);
  }
}

/** The object of JSON in a body; undefined for another. */
export function parsedBody(bytes: Buffer): Answered['body'] {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
