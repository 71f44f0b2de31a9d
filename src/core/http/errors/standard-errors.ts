/** How the document tells of one status: once, for every route that answers with it. */
export interface StandardError {
  /** The name of the shared response. */
  name: string;
  code: string;
  meaning: string;
  /** An `error` as it may read. */
  message: string;
  details?: object;
  headers?: Record<string, object>;
}

const RETRY = {
  'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer', minimum: 0 } },
};

const fault = (field: string, message: string, rule: string) => ({
  field,
  errors: [{ field, message, rule }],
});

/** The errors that mean the same on every route, by status. */
export const STANDARD_ERRORS: Partial<Record<number, StandardError>> = {
  401: {
    name: 'Authentication',
    code: 'authentication',
    meaning: 'No valid token (`WWW-Authenticate: Bearer`)',
    message: 'The token is missing, malformed or revoked',
    headers: { 'WWW-Authenticate': { schema: { type: 'string', const: 'Bearer' } } },
  },
  403: {
    name: 'Authorization',
    code: 'authorization',
    meaning: 'The token lacks the scope or the grant',
    message: 'This needs the scope msp:write',
    details: { scope: 'msp:write' },
  },
  404: {
    name: 'NotFound',
    code: 'not_found',
    meaning: 'No such row, or one that the caller may not know of',
    message: 'Client was not found',
    details: { resource_type: 'Client', resource_id: '01981f5e-6f43-7bd1-b4a5-1f0c2a5b7c11' },
  },
  409: {
    name: 'Conflict',
    code: 'conflict',
    meaning: 'Another row has this value, the state does not allow it, or the row is still referenced',
    message: 'Client with this name already exists',
    details: { field: 'name', resource_type: 'Client', resource_id: null },
  },
  412: {
    name: 'Precondition',
    code: 'precondition',
    meaning: 'The row has changed since `If-Match`',
    message: 'Client has changed since it was read',
  },
  413: {
    name: 'TooLarge',
    code: 'too_large',
    meaning: 'The body is too large',
    message: 'The body is larger than this route accepts',
  },
  415: {
    name: 'UnsupportedMediaType',
    code: 'unsupported_media_type',
    meaning: 'The route does not read a body of this type',
    message: 'The body must be application/json',
  },
  422: {
    name: 'Validation',
    code: 'validation',
    meaning: 'What was sent is not valid; `details.errors` names the first 20 faults',
    message: 'The request is not valid',
    details: fault('name', 'is required', 'required'),
  },
  429: {
    name: 'RateLimited',
    code: 'rate_limited',
    meaning: 'Too many requests (`Retry-After`)',
    message: 'Too many requests; try again in 30 seconds',
    headers: RETRY,
  },
  503: {
    name: 'Unavailable',
    code: 'unavailable',
    meaning: 'The database, the keystore or the audit trail is not available (`Retry-After`)',
    message: 'The database is not available',
    headers: RETRY,
  },
};

/** The shared responses of the document, by name. */
export function standardResponses(): Record<string, object> {
  return Object.fromEntries(
    Object.values(STANDARD_ERRORS).flatMap(one => (one ? [[one.name, responseOf(one)]] : [])),
  );
}

function responseOf({ meaning, message, code, details = {}, headers }: StandardError): object {
  const example = {
    error: message,
    code,
    details: { errors: [], ...details },
    path: '/api/clients',
    request_id: '01981f5e-6f43-7bd1-b4a5-1f0c2a5b7c11',
  };
  const schema = { $ref: '#/components/schemas/ErrorAnswer' };
  return {
    description: meaning,
    ...(headers ? { headers } : {}),
    content: { 'application/json': { schema, example } },
  };
}
