import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type RefusedFact, refusalOf, Refusals } from '../audit/refusals.js';
import { routeTarget } from '../audit/route-target.js';
import type { OpskeepError } from '../context/errors.js';

const UNSEEN = new Set(['credential']);

/**
 * Which errors are refusals: 401 and 403 everywhere, 404 on credentials, and what a service names itself
 * (`refusing`). Guards refuse before interceptors run, so this is asked by the filter.
 */
@Injectable()
export class RefusedRequests {
  constructor(private readonly refusals: Refusals) {}

  async note(error: OpskeepError, request: FastifyRequest): Promise<void> {
    const fact = refusalOf(error) ?? factOf(error, request);
    if (!fact) return;
    const route = `${request.method} ${request.routeOptions?.url ?? '(no route)'}`;
    const { scope, policy } = error.details;
    await this.refusals.record({
      ...fact,
      details: { status: error.status, route, scope, policy, ...fact.details },
    });
  }
}

function factOf(error: OpskeepError, request: FastifyRequest): RefusedFact | undefined {
  const target = routeTarget(request.method, request.routeOptions?.url, request.params, error.details);
  // Who has no valid token has done nothing in particular: one entry for all that was tried.
  if (error.status === 401) return { action: 'access.refused' };
  const unseen = error.status === 404 && UNSEEN.has(target.resource_type ?? '');
  return error.status === 403 || unseen ? target : undefined;
}
