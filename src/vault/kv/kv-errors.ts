import { shapeErrors } from '../../core/http/errors/error-shapes.js';

/** What the protocol has no status for; 400 is its word for a request that is not valid. */
const STATUS: Record<number, number> = { 401: 403, 415: 400, 422: 400 };

/** Errors as Vault and OpenBao have them: a list of sentences, and 403 for whoever has no valid token, too. */
shapeErrors('/v1/', error => {
  const status = STATUS[error.status] ?? error.status;
  return {
    status,
    body: { errors: [status === 403 ? `permission denied: ${error.message}` : error.message] },
  };
});
