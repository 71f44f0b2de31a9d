import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import helmet from '@fastify/helmet';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Settings } from '../../config/settings.js';
import type { Logger } from '../../context/logger.js';
import { compressAnswers } from '../compression.js';
import { BEFORE_DOCS, DOCS_PAGE, isBrowser } from '../docs-page.js';
import { FORM_LIMIT, leaveFiles, leaveToHandler, readForm, readJson } from './body-parsers.js';
import { refuseConnection } from '../errors/broken-requests.js';
import { sendError, toOpskeepError } from '../errors/error.filter.js';
import { MethodNotAllowedError, NoRouteError } from '../../context/errors.js';
import { newRequestId, runInContext } from '../../context/request-context.js';
import { Metrics } from '../../metrics/metrics.js';
import { measureRequests } from '../metrics/measure-requests.js';
import { type ParserError, relayList } from './list-method.js';
import { logRequests } from './request-log.js';
import { RateLimits } from '../limits/rate-limits.js';
import { ROTATION_HEADERS } from '../policy-headers.js';
import { RouteTable } from './route-table.js';

const BODY_LIMIT = 1024 * 1024;
/** What helmet says, said once: it would make these anew for every request. Only the docs are a page. */
const API_HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'SAMEORIGIN',
};
const EXPOSED = [
  ...Object.values(ROTATION_HEADERS),
  'etag',
  'location',
  'x-request-id',
  'x-client-request-id',
  'retry-after',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
];
/** Vault's protocol has a slash behind folders, or none: nowhere else does it not matter. */
const FOLDER = /^(\/v1\/[^?]*[^?/])\/(?=\?|$)/;
const REQUEST_ID = /^[\w.:-]{1,100}$/;

/** Fastify with its limits, and errors of the one shape even where Nest is not reached. */
export function makeAdapter(settings: Settings): FastifyAdapter {
  const options = {
    bodyLimit: BODY_LIMIT,
    trustProxy: settings.TRUSTED_PROXIES.length > 0 ? settings.TRUSTED_PROXIES : false,
    routerOptions: { maxParamLength: 600, caseSensitive: true, ignoreTrailingSlash: false },
    rewriteUrl: ({ url = '/' }: IncomingMessage) => url.replace(FOLDER, '$1'),
    requestTimeout: 60_000,
    keepAliveTimeout: 10_000,
    forceCloseConnections: 'idle' as const,
    // What comes in on a connection that is still open while the server stops is answered.
    return503OnClosing: false,
    logger: false,
    clientErrorHandler: (error: ParserError, socket: Socket) =>
      relayList(adapter.getHttpServer() as Server, error, socket) || refuseConnection(error, socket),
    genReqId: newRequestId,
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      nameRequest(request, reply);
      sendError(toOpskeepError(error), request, reply);
    },
  };
  const adapter = new FastifyAdapter(options as object);
  return adapter;
}

/** Context first, so that everything that follows knows the request; then parsers, headers and CORS. */
export async function prepareHttp(
  app: NestFastifyApplication,
  settings: Settings,
  logger: Logger,
): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  const routes = new RouteTable();
  fastify.decorateRequest('own', undefined);
  fastify.addHook('onRoute', route => routes.add(route.method, route.url));
  fastify.addHook('onRequest', (request, reply, done) => {
    const user_agent = request.headers['user-agent'] ?? null;
    const { headers, ip, method, params } = request;
    const route = { method, pattern: request.routeOptions.url, params };
    const context = { ...nameRequest(request, reply), ip, user_agent, headers, route };
    request.own = context;
    runInContext(context, done);
  });
  logRequests(fastify, logger);
  if (settings.METRICS_TOKEN) measureRequests(fastify, app.get(Metrics));
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, readJson);
  const form = { parseAs: 'string', bodyLimit: FORM_LIMIT } as const;
  fastify.addContentTypeParser('application/x-www-form-urlencoded', form, readForm);
  fastify.addHook('preParsing', leaveFiles);
  // Read by the handler, piece by piece.
  fastify.addContentTypeParser(
    ['text/csv', 'application/x-ndjson', 'application/octet-stream'],
    leaveToHandler,
  );
  await compressAnswers(app, fastify);
  await app.register(helmet as never, {
    global: false,
    contentSecurityPolicy: securityPolicy(),
    crossOriginEmbedderPolicy: false,
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    if (!request.url.startsWith('/api/docs')) {
      reply.headers(API_HEADERS);
      return done();
    }
    // It is typed as the plugin, and is a promise.
    Promise.resolve(reply.helmet() as unknown).then(() => done(), done);
  });
  app.enableCors({
    origin: settings.CORS_ORIGINS.length > 0 ? settings.CORS_ORIGINS : false,
    maxAge: 600,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: EXPOSED,
  });
  notFound(fastify, routes, app.get(RateLimits));
}

/** Our id of the request, and beside it what the client calls it; what is not short and plain is left out. */
function nameRequest(
  request: FastifyRequest,
  reply: FastifyReply,
): { request_id: string; client_request_id?: string } {
  const given = request.headers['x-request-id'];
  reply.header('x-request-id', request.id);
  if (typeof given !== 'string' || !REQUEST_ID.test(given)) return { request_id: request.id };
  reply.header('x-client-request-id', given);
  return { request_id: request.id, client_request_id: given };
}

/** The docs page loads its own files only; nothing else shows a page. */
function securityPolicy() {
  return {
    directives: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'"],
      upgradeInsecureRequests: null,
    },
  };
}

/**
 * 405 with `Allow` where the path exists with another method, 404 otherwise, and a browser that looks for the docs is led there. `/bulk` is no id of a row, though with
 * another method than its own it would be one.
 */
function notFound(fastify: FastifyInstance, routes: RouteTable, limits: RateLimits): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const [path = ''] = request.url.split('?');
    // A path with a parameter was found for it.
    const own = request.routeOptions.url?.includes(':') ? routes.ownMethods(path) : undefined;
    if (!request.is404 && !own) return done();
    const methods = own ? [...own].sort() : routes.methodsOf(path);
    if (methods.length > 0) reply.header('allow', methods.join(', '));
    const error =
      methods.length > 0
        ? new MethodNotAllowedError('This path has no such method')
        : new NoRouteError('There is no such route: /api/docs shows those that there are');
    void limits.refusing(error, request.ip, reply).then(refused => {
      const isAsked = request.method === 'GET' && BEFORE_DOCS.test(path) && isBrowser(request.headers.accept);
      if (refused === error && isAsked) reply.redirect(DOCS_PAGE);
      else sendError(refused, request, reply);
    });
  });
}
