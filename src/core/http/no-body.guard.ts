import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ValidationError } from '../context/errors.js';
import { argumentsOf } from './route-arguments.js';

/** A route without a body refuses the fields of one (422), as every body refuses fields that it does not know. */
@Injectable()
export class NoBodyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { body } = context.switchToHttp().getRequest<FastifyRequest>();
    if (body !== undefined && body !== null && argumentsOf(context, 'BODY').length === 0) refuse(body);
    return true;
  }
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
