export interface Asked {
  method: string;
  /** The whole address. */
  url: string;
  token?: string;
  body?: unknown;
  /** Further ones, in printable ASCII; anything else is left out of their values. */
  headers?: Record<string, string>;
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

const AUTHORITY =
  'its certificate is of an authority that this machine does not know: NODE_EXTRA_CA_CERTS names a file with that of the authority';
/** What codes of Node.js mean to a user where they do not say it themselves. */
const MEANT: Record<string, string> = {
  ENOTFOUND: 'no such name',
  EAI_AGAIN: 'its name cannot be looked up',
  ECONNREFUSED: 'nothing listens there',
  ETIMEDOUT: 'no answer in time',
  EPROTO: 'its answer is none of HTTP, or it speaks another TLS',
  EMSGSIZE: 'its answer is too long',
  DEPTH_ZERO_SELF_SIGNED_CERT: AUTHORITY,
  SELF_SIGNED_CERT_IN_CHAIN: AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: AUTHORITY,
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

/** No answer came: nothing listens there, the name is unknown, nobody vouches for it, or it took too long. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
  /** The code, and what it means. */
  readonly reason: string;

  constructor(
    /** Of Node.js, or `ETIMEDOUT`. */
    readonly code: string,
  ) {
    const meant = MEANT[code];
    const reason = meant ? `${code}: ${meant}` : code;
    super(`the server is not reachable (${reason})`);
    this.reason = reason;
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
