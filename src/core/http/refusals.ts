import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { Audit } from '../audit/audit.service.js';
import { subscriberOf } from './address.js';
import type { OpskeepError } from './errors.js';
import { Logger } from './logger.js';
import { currentContext } from './request-context.js';

const MINUTE = 60_000;

/**
 * Refusals leave a trail: 401 and 403 everywhere, 404 on credentials. One entry for each actor (or address),
 * action and minute, so that an attack cannot flood the journal.
 */
@Injectable()
export class Refusals {
  private readonly seen = new LRUCache<string, true>({ max: 10_000, ttl: MINUTE });

  constructor(
    private readonly audit: Audit,
    private readonly logger: Logger,
  ) {}

  async note(error: OpskeepError, request: FastifyRequest): Promise<void> {
    const route = request.routeOptions?.url ?? '(no route)';
    const onCredentials = /\/(credentials|creds)\b/.test(route);
    if (error.status !== 401 && error.status !== 403 && !(error.status === 404 && onCredentials)) return;
    const context = currentContext();
    const action = onCredentials ? 'credential.refused' : 'access.refused';
    const who = context?.actor?.id ?? subscriberOf(context?.ip ?? '');
    const key = `${who}|${action}|${error.status}|${request.method} ${route}`;
    if (this.seen.has(key)) return;
    this.seen.set(key, true);
    const id = (request.params as { id?: unknown } | undefined)?.id;
    try {
      await this.audit.recordRead({
        action,
        outcome: 'refused',
        resource_type: onCredentials ? 'credential' : undefined,
        resource_id: typeof id === 'string' ? id : null,
        details: { status: error.status, route: `${request.method} ${route}`, scope: error.details.scope },
      });
    } catch (failure) {
      // The refusal stands whether or not it can be recorded.
      this.logger.error({ err: failure }, 'a refusal could not be recorded');
    }
  }
}
