import type { FastifyRequest } from 'fastify';
import { TooLargeError, UnsupportedMediaTypeError, ValidationError } from '../../context/errors.js';
import { inspectJson, MAX_BULK_VALUES, MAX_DEPTH, MAX_ITEMS, MAX_KEYS, MAX_VALUES } from './json-limits.js';
import { faultOfShape } from './json-shape.js';

type Done = (error: Error | null, body?: unknown) => void;

const LIMITS = { depth: MAX_DEPTH, keys: MAX_KEYS, items: MAX_ITEMS };
/** What a form may be sent to: the log-in of earlier clients, and OAuth 2, which knows nothing else. */
const FORM_ROUTES = new Set(['/auth/admin', '/api/auth/admin', '/api/auth/token']);
const FORMS_ONLY = new Set(['/api/auth/token']);
/** Bytes of a body whose sender shows no token, good or bad. */
const STRANGERS_LIMIT = 16 * 1024;
/** Bytes of a form, of a few short fields: taking one apart costs far more than reading JSON. */
export const FORM_LIMIT = 16 * 1024;
const utf8 = new TextDecoder('utf-8', { fatal: true });

const fault = (field: string, message: string, rule: string) => ValidationError.of(field, message, rule);

/**
 * JSON as it may come in: valid UTF-8, of bounded depth and size, no NUL, no half surrogates, no forbidden key.
 */
export function readJson(request: FastifyRequest, body: Buffer, done: Done): void {
  if (FORMS_ONLY.has(request.routeOptions.url ?? ''))
    return done(new UnsupportedMediaTypeError('The body must be application/x-www-form-urlencoded'));
  if (body.length === 0) return done(null, undefined);
  if (body.length > STRANGERS_LIMIT && request.headers.authorization === undefined)
    return done(new TooLargeError('Without a token a body has at most 16 KiB'));
  const most = request.routeOptions.url?.endsWith('/bulk') ? MAX_BULK_VALUES : MAX_VALUES;
  try {
    // Of a small body, what is too much is told when it has been read, with the field.
    const said = body.length > STRANGERS_LIMIT ? faultOfShape(body, LIMITS, most) : undefined;
    if (said) throw fault('body', said.message, said.rule);
    const value: unknown = JSON.parse(utf8.decode(body));
    inspectJson(value, most);
    done(null, value);
  } catch (error) {
    done(error instanceof ValidationError ? error : fault('body', 'is not valid JSON in UTF-8', 'json'));
  }
}

/** Fields without a value are left out and repeated ones become lists (RFC 6749, 3.2: both are not allowed). */
export function readForm(request: FastifyRequest, body: string, done: Done): void {
  if (!FORM_ROUTES.has(request.routeOptions.url ?? ''))
    return done(new UnsupportedMediaTypeError('The body must be application/json'));
  try {
    const fields = new Map<string, string | string[]>();
    for (const [name, text] of new URLSearchParams(body))
      if (text !== '') fields.set(name, fields.has(name) ? [text] : text);
    const value = Object.fromEntries(fields);
    inspectJson(value);
    done(null, value);
  } catch (error) {
    done(error as Error);
  }
}

/** What takes a file, and reads it as it comes. */
const FILE_ROUTES = new Set(['/api/bulk-import/:resource']);

const FILE_TYPES = ['text/csv', 'application/x-ndjson'];
export const NO_FILE = `The body must be ${FILE_TYPES.join(' or ')} (curl: -H 'Content-Type: text/csv' --data-binary @file)`;

/**
 * What is sent as something else where a file is expected is not read as that: it is left to the handler, which says so
 * to those who may send a file.
 */
export function leaveFiles(
  request: FastifyRequest,
  _reply: unknown,
  _payload: unknown,
  done: (error: Error | null) => void,
): void {
  const [type = ''] = (request.headers['content-type'] ?? '').toLowerCase().split(';');
  if (FILE_ROUTES.has(request.routeOptions.url ?? '') && !FILE_TYPES.includes(type.trim()))
    request.headers['content-type'] = 'application/octet-stream';
  done(null);
}

/** Leaves a file of rows where it is: on the connection, for the handler. */
export function leaveToHandler(request: FastifyRequest, _payload: unknown, done: Done): void {
  if (!FILE_ROUTES.has(request.routeOptions.url ?? ''))
    return done(new UnsupportedMediaTypeError('The body must be application/json'));
  if (request.headers['content-encoding'] !== undefined)
    return done(new UnsupportedMediaTypeError('A file is sent as it is, without Content-Encoding'));
  done(null, undefined);
}
