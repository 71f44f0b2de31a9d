import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ValidationError } from '../context/errors.js';
import { shapeOf } from './errors/error-shapes.js';
import { argumentsOf } from './route-arguments.js';

const QUERY = 'opskeep:query';
/** All that a route takes in its query, where its arguments do not name it. */
export const TakesQuery = (...names: string[]) => SetMetadata(QUERY, names);
/** A protocol wants unknown parameters ignored. */
export const IgnoresQuery = () => SetMetadata(QUERY, null);

/**
 * A route refuses parameters of the query that it does not know (422), as lists do. What takes the whole query, as
 * lists take it, looks for itself. So do the routes of a protocol of others; earlier clients and probes, outside of both,
 * may send what they like.
 */
@Injectable()
export class KnownQueryGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { query, url } = context.switchToHttp().getRequest<FastifyRequest>();
    const names = Object.keys((query ?? {}) as object);
    if (names.length > 0 && (url.startsWith('/api/') || shapeOf(url))) refuseUnknown(names, knownTo(context));
    if (shapeOf(url)) refuseRepeated((query ?? {}) as Record<string, unknown>);
    return true;
  }
}

/** Undefined where the route takes the whole query. */
function knownTo(context: ExecutionContext): string[] | undefined {
  const said = Reflect.getMetadata(QUERY, context.getHandler()) as string[] | null | undefined;
  if (said !== undefined) return said ?? undefined;
  const taken = argumentsOf(context, 'QUERY');
  return taken.every(name => name !== undefined) ? taken : undefined;
}

/** Which of several values is meant nobody can tell. */
function refuseRepeated(query: Record<string, unknown>): void {
  const name = Object.keys(query).find(key => Array.isArray(query[key]));
  if (name !== undefined) throw ValidationError.of(name.slice(0, 100), 'may be given only once', 'repeated');
}

function refuseUnknown(names: string[], known: string[] | undefined): void {
  const unknown = known && names.filter(name => !known.includes(name));
  if (!unknown || unknown.length === 0) return;
  const message = `is not a parameter of this route; ${known.length > 0 ? `it has ${known.join(', ')}` : 'it has none'}`;
  throw new ValidationError(
    unknown.slice(0, 100).map(name => ({ field: name.slice(0, 100), message, rule: 'unknown' })),
    'The query is not valid',
  );
}
