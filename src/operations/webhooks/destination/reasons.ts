import { OpeningError } from '../../../core/crypto/opening-error.js';

/** A place where nothing may be delivered; the message says why, without naming what was found there. */
export class RefusedDestinationError extends Error {}

const WORDS: Record<string, string> = {
  ENOTFOUND: 'its name is not known',
  ENODATA: 'its name has no address',
  EBADNAME: 'its name is not known',
  ESERVFAIL: 'its name could not be looked up',
  EREFUSED: 'its name could not be looked up',
  EBADRESP: 'its name could not be looked up',
  ETIMEOUT: 'its name could not be looked up in time',
  ECANCELLED: 'its name could not be looked up in time',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  ETIMEDOUT: 'the connection could not be made in time',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from an unknown authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes from an unknown authority',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  HPE_HEADER_OVERFLOW: 'the headers of its answer are too long',
};

/** Why there was no answer, in words that hold nothing of what was sent or answered. */
export function reasonOf(error: unknown): string {
  if (error instanceof RefusedDestinationError) return error.message;
  if (error instanceof OpeningError) return 'its secret does not open';
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string') return 'it could not be reached';
  if (code.startsWith('HPE_')) return WORDS[code] ?? 'its answer is not HTTP';
  return WORDS[code] ?? `it could not be reached (${code.slice(0, 60)})`;
}
