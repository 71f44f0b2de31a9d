import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from '../../context/logger.js';
import { type RequestContext, runInContext } from '../../context/request-context.js';

/** The context in which each request runs; the answer is sent outside of it. */
export type Contexts = WeakMap<FastifyRequest, RequestContext>;

/**
 * One line at `info` for each request, when its answer is out: the method, the route as it was declared (so neither
 * ids nor the query), the status and how long it took. Who asked and the request's id come from the context.
 */
export function logRequests(fastify: FastifyInstance, logger: Logger, contexts: Contexts): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const line = {
      method: request.method,
      route: request.is404 ? undefined : request.routeOptions.url,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    };
    const context = contexts.get(request);
    if (context) runInContext(context, () => logger.info(line, 'request'));
    else logger.info({ ...line, request_id: request.id }, 'request');
    done();
  });
}
