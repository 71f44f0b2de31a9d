import { MethodNotAllowedError, NoRouteError, type OpskeepError } from '../../core/context/errors.js';
import { shapeErrors } from '../../core/http/errors/error-shapes.js';

/** What the protocol has no status for; 400 is its word for a request that is not valid. */
const STATUS: Record<number, number> = { 401: 403, 415: 400, 422: 400 };

const DOOR =
  'There is no such path: this door speaks KV version 2 below /v1/secret/ alone (data and metadata), with a token';
const READ_ONLY =
  'This door is read only, and has no such method: KV version 2 below /v1/secret/, by GET and LIST';

function wordsOf(error: OpskeepError): string {
  if (error instanceof NoRouteError) return DOOR;
  return error instanceof MethodNotAllowedError ? READ_ONLY : error.message;
}

/** Errors as Vault and OpenBao have them: a list of sentences, and 403 for whoever has no valid token, too. */
shapeErrors('/v1/', error => {
  const status = STATUS[error.status] ?? error.status;
  const words = wordsOf(error);
  return { status, body: { errors: [status === 403 ? `permission denied: ${words}` : words] } };
});
