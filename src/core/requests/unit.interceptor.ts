import {
  applyDecorators,
  CallHandler,
  ExecutionContext,
  Injectable,
  NestInterceptor,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiExtension } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, Observable } from 'rxjs';
import { AuditCover } from '../audit/audit-cover.js';
import { Idempotency } from './idempotency.js';

const OWN_UNITS = 'opskeep:own-units';
/** The handler's service makes its own units: what it records must stand although the request fails. */
export const OwnUnits = () =>
  applyDecorators(SetMetadata(OWN_UNITS, true), ApiExtension('x-own-units', true));

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * A writing request is one unit of work: change, audit entry and stored answer commit together. The
 * transaction begins with the first row, after validation; a deadlock calls the handler anew. The only interceptor:
 * each costs every request as much as a tenth of a read.
 */
@Injectable()
export class UnitInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly idempotency: Idempotency,
    private readonly cover: AuditCover,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    if (READS.has(request.method)) return next.handle();
    const handle = () =>
      this.cover.over(context, () => lastValueFrom(next.handle(), { defaultValue: undefined }));
    if (this.reflector.get<boolean | undefined>(OWN_UNITS, context.getHandler())) return from(handle());
    return from(this.idempotency.once(request, http.getResponse<FastifyReply>(), handle));
  }
}
