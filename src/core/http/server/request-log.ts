import type { FastifyInstance } from 'fastify';
import type { Logger } from '../../context/logger.js';
import { type RequestContext, runInContext } from '../../context/request-context.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** In which it runs; the answer is sent outside of it. */
    own: RequestContext | undefined;
  }
}

/**
 * One line at `info` for each request, when its answer is out: the method, the route as it was declared (so neither
 * ids nor the query), the status and how long it took. Who asked and the request's id come from the context.
 */
export function logRequests(fastify: FastifyInstance, logger: Logger): void {
  if (!logger.pino.isLevelEnabled('info')) return;
  fastify.addHook('onResponse', (request, reply, done) => {
    const line = {
      method: request.method,
      route: request.is404 ? undefined : request.routeOptions.url,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    };
    if (request.own) runInContext(request.own, () => logger.info(line, 'request'));
    else logger.info({ ...line, request_id: request.id }, 'request');
    done();
  });
}
