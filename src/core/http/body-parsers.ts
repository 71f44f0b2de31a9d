import type { FastifyRequest } from 'fastify';
import { UnsupportedMediaTypeError, ValidationError } from '../context/errors.js';

type Done = (error: Error | null, body?: unknown) => void;

const MAX_DEPTH = 20;
/** Of one object; a body has far fewer fields, and a map at most 200. */
const MAX_KEYS = 1000;
/** What a form may be sent to: the log-in of earlier clients, and OAuth 2, which knows nothing else. */
const FORM_ROUTES = new Set(['/auth/admin', '/api/auth/admin', '/api/auth/token']);
const FORMS_ONLY = new Set(['/api/auth/token']);
const utf8 = new TextDecoder('utf-8', { fatal: true });

const fault = (field: string, message: string, rule: string) => ValidationError.of(field, message, rule);

/**
 * JSON as it may come in: valid UTF-8, at most 20 levels deep and 1,000 keys wide, no NUL, no half surrogates, no
 * `__proto__`.
 */
export function readJson(request: FastifyRequest, body: Buffer, done: Done): void {
  if (FORMS_ONLY.has(request.routeOptions.url ?? ''))
    return done(new UnsupportedMediaTypeError('The body must be application/x-www-form-urlencoded'));
  if (body.length === 0) return done(null, undefined);
  try {
    const value: unknown = JSON.parse(utf8.decode(body));
    inspect(value);
    done(null, value);
  } catch (error) {
    done(error instanceof ValidationError ? error : fault('body', 'is not valid JSON in UTF-8', 'json'));
  }
}

/** Walks without recursion, so that depth is refused and not a stack overflow. */
function inspect(root: unknown): void {
  const open: { value: unknown; path: string; depth: number }[] = [{ value: root, path: '', depth: 1 }];
  for (let one = open.pop(); one; one = open.pop()) {
    const { value, path, depth } = one;
    if (typeof value === 'string') inspectText(value, path);
    if (typeof value !== 'object' || value === null) continue;
    if (depth > MAX_DEPTH) throw fault(path || 'body', `is nested deeper than ${MAX_DEPTH} levels`, 'depth');
    const entries = Object.entries(value);
    if (entries.length > MAX_KEYS && !Array.isArray(value))
      throw fault(path || 'body', `has more than ${MAX_KEYS} keys`, 'keys');
    for (const [key, inner] of entries) {
      inspectText(key, path || 'body');
      if (key === '__proto__') throw fault(path || 'body', 'has a key that is not allowed', 'key');
      if (typeof inner === 'string') inspectText(inner, join(path, key));
      else if (typeof inner === 'object')
        open.push({ value: inner, path: join(path, key), depth: depth + 1 });
    }
  }
}

const join = (path: string, key: string) => (path ? `${path}.${key}` : key).slice(0, 200);

function inspectText(text: string, path: string): void {
  if (text.includes('\0')) throw fault(path || 'body', 'contains a NUL character', 'nul');
  if (!text.isWellFormed()) throw fault(path || 'body', 'is not well-formed Unicode', 'unicode');
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
    inspect(value);
    done(null, value);
  } catch (error) {
    done(error as Error);
  }
}
