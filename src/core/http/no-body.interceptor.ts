import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { ROUTE_ARGS_METADATA, RouteParamtypes } from '@nestjs/common/internal';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { ValidationError } from '../context/errors.js';

/** A route without a body refuses the fields of one (422), as every body refuses fields that it does not know. */
@Injectable()
export class NoBodyInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { body } = context.switchToHttp().getRequest<FastifyRequest>();
    if (body !== undefined && body !== null && !takesBody(context)) refuse(body);
    return next.handle();
  }
}

function takesBody(context: ExecutionContext): boolean {
  const name = context.getHandler().name;
  const args = (Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), name) ?? {}) as object;
  return Object.keys(args).some(key => key.startsWith(`${RouteParamtypes.BODY}:`));
}

function refuse(body: unknown): void {
  const fields = typeof body === 'object' && !Array.isArray(body) ? Object.keys(body as object) : ['body'];
  if (fields.length > 0)
    throw new ValidationError(
      fields.slice(0, 100).map(name => ({
        field: name.slice(0, 100),
        message: 'is not a field of this body',
        rule: 'unknown',
      })),
    );
}
