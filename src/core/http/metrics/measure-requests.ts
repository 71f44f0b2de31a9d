import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Metrics } from '../../metrics/metrics.js';

/** `credentials` of `/api/credentials/:id`; of what met no route nothing that was sent. */
function resourceOf(request: FastifyRequest): string {
  if (request.is404) return 'unknown';
  const [first = '', second = ''] = (request.routeOptions.url ?? '').split('/').slice(1);
  return (first === 'api' ? second : first) || 'root';
}

/** Counts each request and how long it took, when its answer is out. */
export function measureRequests(fastify: FastifyInstance, metrics: Metrics): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const status = `${Math.floor(reply.statusCode / 100)}xx`;
    const method = request.is404 ? 'any' : request.method;
    metrics.requests.observe({ resource: resourceOf(request), method, status }, reply.elapsedTime / 1000);
    done();
  });
}
