import { ArgumentsHost, Catch, ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isUnavailable } from '../../database/database-errors.js';
import {
  AuthenticationError,
  AuthorizationError,
  MethodNotAllowedError,
  NoRouteError,
  OpskeepError,
  RateLimitedError,
  TooLargeError,
  UnavailableError,
  UnsupportedMediaTypeError,
  ValidationError,
} from '../../context/errors.js';
import { Logger } from '../../context/logger.js';
import { currentContext } from '../../context/request-context.js';
import { Refusals } from '../../audit/refusals.js';
import { RateLimits } from '../limits/rate-limits.js';
import { shapeOf } from './error-shapes.js';

/** A bug: nothing of the inside leaves; the log has it under the request id. */
class InternalError extends OpskeepError {
  readonly status = 500;
  readonly code = 'internal';
  override readonly level = 'error';
}

const invalid = (message: string, rule: string) => ValidationError.of('body', message, rule);

/** Fastify's and Nest's own errors, by status. */
function ofStatus(status: number, cause: unknown): OpskeepError {
  switch (status) {
    case 401:
      return new AuthenticationError('Authentication is required');
    case 403:
      return new AuthorizationError('This is not allowed');
    case 404:
      return new NoRouteError('There is no such route');
    case 405:
      return new MethodNotAllowedError('This path has no such method');
    case 413:
      return new TooLargeError('The body is larger than this route accepts');
    case 415:
      return new UnsupportedMediaTypeError('The body must be application/json');
    case 429:
      return new RateLimitedError(60);
    case 503:
      return new UnavailableError('The service is not available', { cause });
    default:
      return status >= 400 && status < 500
        ? invalid('cannot be read', 'malformed')
        : new InternalError('Something went wrong on the server', {}, { cause });
  }
}

/** Any thrown thing → the error that the API names for it. */
export function toOpskeepError(thrown: unknown): OpskeepError {
  if (thrown instanceof OpskeepError) return thrown;
  if ((thrown as { code?: unknown } | null)?.code === 'FST_ERR_BAD_URL')
    return ValidationError.of('path', 'cannot be decoded', 'encoding');
  if (isUnavailable(thrown)) return new UnavailableError('The database is not available', { cause: thrown });
  if (thrown instanceof HttpException) return ofStatus(thrown.getStatus(), thrown);
  const status = (thrown as { statusCode?: unknown } | null)?.statusCode;
  return ofStatus(typeof status === 'number' ? status : 500, thrown);
}

/** Writes an error in the one shape that every error has (`ErrorAnswer`), or that of a protocol (`shapeErrors`). */
export function sendError(
  error: OpskeepError,
  request: Pick<FastifyRequest, 'url' | 'id'>,
  reply: FastifyReply,
): void {
  if (error.retryAfter !== undefined) reply.header('retry-after', String(error.retryAfter));
  const { status, body } = shapeOf(request.url)?.(error) ?? ownShape(error, request);
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  reply.header('cache-control', 'no-store');
  reply.removeHeader('etag');
  reply.status(status).type('application/json; charset=utf-8').send(body);
}

function ownShape(error: OpskeepError, request: Pick<FastifyRequest, 'url' | 'id'>) {
  const { stated, status, code, details } = error;
  const request_id = currentContext()?.request_id ?? request.id;
  return { status, body: { ...stated, code, details, path: request.url.split('?')[0], request_id } };
}

/** The one place where errors become answers, log lines and entries about refusals. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly refusals: Refusals,
    private readonly limits: RateLimits,
  ) {}

  async catch(thrown: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const error = await this.limits.refusing(toOpskeepError(thrown), request.ip, reply);
    this.log(error);
    await this.refusals.note(error);
    sendError(error, request, reply);
  }

  private log(error: OpskeepError): void {
    const data = { code: error.code, status: error.status };
    if (error.level === 'error') this.logger.error({ ...data, err: error.cause ?? error }, error.message);
    else this.logger.debug(data, error.message);
  }
}
