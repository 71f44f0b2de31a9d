/** How the document tells of one status: once, for every route that answers with it. */
export interface StandardError {
  /** The name of the shared response. */
  name: string;
  code: string;
  meaning: string;
  /** An `error` as it may read. */
  message: string;
  details?: object;
  /** Any route may answer with it: told by `OTHER_ERROR`. */
  everywhere?: true;
}

/** The name of the shared response for every error that a route does not name. */
export const OTHER_ERROR = 'Error';

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
    everywhere: true,
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
    everywhere: true,
  },
  415: {
    name: 'UnsupportedMediaType',
    code: 'unsupported_media_type',
    meaning: 'The route does not read a body of this type',
    message: 'The body must be application/json',
    everywhere: true,
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
    everywhere: true,
  },
  503: {
    name: 'Unavailable',
    code: 'unavailable',
    meaning: 'The database, the keystore or the audit trail is not available (`Retry-After`)',
    message: 'The database is not available',
    everywhere: true,
  },
};

/** The shared responses of the document, by name. */
export function standardResponses(): Record<string, object> {
  const all = Object.entries(STANDARD_ERRORS).flatMap(([status, one]) => (one ? [{ status, ...one }] : []));
  const named = all.filter(one => !one.everywhere);
  const others = all.filter(one => one.everywhere);
  const meanings = others.map(({ status, meaning }) => `${status}: ${meaning}`);
  const description = `Any other error. ${meanings.join('. ')}`;
  const headers = {
    'Retry-After': {
      description: 'Seconds to wait, of 429 and 503',
      schema: { type: 'integer', minimum: 0 },
    },
    'WWW-Authenticate': { description: 'Of 401', schema: { type: 'string', const: 'Bearer' } },
  };
  const other = STANDARD_ERRORS[429] as StandardError;
  return {
    ...Object.fromEntries(named.map(one => [one.name, responseOf(one.meaning, one)])),
    [OTHER_ERROR]: { ...responseOf(description, other), headers },
  };
}

function responseOf(description: string, { message, code, details = {} }: StandardError): object {
  const example = {
    error: message,
    code,
    details: { errors: [], ...details },
    path: '/api/clients',
    request_id: '01981f5e-6f43-7bd1-b4a5-1f0c2a5b7c11',
  };
  const schema = { $ref: '#/components/schemas/ErrorAnswer' };
  return { description, content: { 'application/json': { schema, example } } };
}
