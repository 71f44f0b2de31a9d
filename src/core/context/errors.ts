/** One fault of a body or query: where, what, and which rule. Never holds the submitted value. */
export interface FieldFault {
  field: string;
  message: string;
  rule: string;
}

export interface ErrorDetails {
  field?: string;
  resource_type?: string;
  resource_id?: string | null;
  scope?: string;
  /** The first faults of a body or query; an answer has it always, empty where no field is at fault. */
  errors?: FieldFault[];
  [more: string]: unknown;
}

/** An error that has a place in the API: framework-free, with its status, code and log level. */
export abstract class OpskeepError extends Error {
  abstract readonly status: number;
  abstract readonly code: string;
  readonly level: 'debug' | 'info' | 'warn' | 'error' = 'info';
  /** Seconds after which the client may try again; becomes `Retry-After`. */
  readonly retryAfter?: number;
  readonly details: ErrorDetails & { errors: FieldFault[] };

  constructor(message: string, { errors = [], ...details }: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, options);
    this.details = { ...details, errors };
    this.name = new.target.name;
  }

  /** How an answer begins: `error`, and whatever a protocol wants beside it. */
  get stated(): { error: string; [more: string]: string } {
    return { error: this.message };
  }
}

/** 401: no, expired, revoked or malformed token, or wrong credentials. */
export class AuthenticationError extends OpskeepError {
  readonly status = 401;
  readonly code = 'authentication';
}

/** 403: a valid token without the scope or the grant. */
export class AuthorizationError extends OpskeepError {
  readonly status = 403;
  readonly code = 'authorization';
}

/** 404: no such row, or one that the caller may not know of; both look the same. */
export class NotFoundError extends OpskeepError {
  readonly status = 404;
  readonly code = 'not_found';
}

/** 404: nothing is served at the path. */
export class NoRouteError extends NotFoundError {}

/** 405: the path exists, the method does not. */
export class MethodNotAllowedError extends OpskeepError {
  readonly status = 405;
  readonly code = 'method_not_allowed';
}

/** 409: uniqueness, state machine, cycle, or a row that is still referenced. */
export class ConflictError extends OpskeepError {
  readonly status = 409;
  readonly code = 'conflict';
}

/** 412: If-Match names a version that is no longer current. */
export class PreconditionError extends OpskeepError {
  readonly status = 412;
  readonly code = 'precondition';
}

/** 413: a body above the limit of its route. */
export class TooLargeError extends OpskeepError {
  readonly status = 413;
  readonly code = 'too_large';
}

/** 415: a body of another type than the route reads. */
export class UnsupportedMediaTypeError extends OpskeepError {
  readonly status = 415;
  readonly code = 'unsupported_media_type';
}

/** Faults that one answer tells of: whoever sends thousands is not told of each. */
const MOST_FAULTS = 20;

/** 422: what was sent is not valid; the first 20 faults at once. */
export class ValidationError extends OpskeepError {
  readonly status = 422;
  readonly code = 'validation';

  constructor(faults: FieldFault[], message = 'The request is not valid', more: ErrorDetails = {}) {
    super(message, { field: faults[0]?.field, ...more, errors: faults.slice(0, MOST_FAULTS) });
  }

  /** A single fault. */
  static of(field: string, message: string, rule: string): ValidationError {
    return new ValidationError([{ field, message, rule }], `${field}: ${message}`);
  }
}

/** 429: too many requests. */
export class RateLimitedError extends OpskeepError {
  readonly status = 429;
  readonly code = 'rate_limited';
  /** @param retryAfter seconds */
  constructor(override readonly retryAfter: number) {
    super(`Too many requests; try again in ${retryAfter} ${retryAfter === 1 ? 'second' : 'seconds'}`);
  }
}

/** 503: the database, the keystore or the audit cannot serve now; nothing has changed. */
export class UnavailableError extends OpskeepError {
  readonly status = 503;
  readonly code = 'unavailable';
  override readonly level = 'error';
  override readonly retryAfter = 30;
  constructor(message: string, options?: ErrorOptions) {
    super(message, {}, options);
  }
}

/** A conditional write found another version than the one that was read; the unit of work runs anew. */
export class StaleRowError extends OpskeepError {
  readonly status = 409;
  readonly code = 'conflict';
}
