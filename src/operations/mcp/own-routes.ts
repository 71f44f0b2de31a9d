import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Why one of our routes refused, in the one shape of errors. */
export class RouteRefusal extends Error {
  override readonly name = 'RouteRefusal';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: Record<string, unknown>,
  ) {
    super(message);
  }
}

/** Our own routes below /api, called as the sender of a request would call them. */
export interface OwnApi {
  get<T>(path: string, query?: Record<string, string | number | undefined>): Promise<T>;
  send<T>(method: 'POST' | 'PUT', path: string, body: object): Promise<T>;
}

interface ErrorAnswer {
  error?: string;
  code?: string;
  details?: Record<string, unknown>;
}

/**
 * Calls routes inside of the process, with the token, the address and the request id of another request: scopes, rights,
 * limits, validation, units and entries are those of the route, because it is the route.
 */
@Injectable()
export class OwnRoutes {
  constructor(private readonly host: HttpAdapterHost) {}

  as(request: FastifyRequest): OwnApi {
    return {
      get: (path, query = {}) => {
        const sent = Object.entries(query).filter(([, value]) => value !== undefined);
        const search = new URLSearchParams(
          sent.map(([name, value]): [string, string] => [name, String(value)]),
        ).toString();
        return this.call(request, 'GET', search === '' ? path : `${path}?${search}`);
      },
      send: (method, path, body) => this.call(request, method, path, body),
    };
  }

  /** @throws RouteRefusal */
  private async call<T>(
    { headers, id, ip }: FastifyRequest,
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    payload?: object,
  ): Promise<T> {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    const { statusCode, body } = await fastify.inject({
      method,
      url: `/api/${path}`,
      remoteAddress: ip,
      headers: {
        authorization: headers.authorization,
        'user-agent': headers['user-agent'],
        'x-request-id': String(id),
      },
      ...(payload === undefined ? {} : { payload }),
    });
    const answer: unknown = body === '' ? null : JSON.parse(body);
    if (statusCode < 400) return answer as T;
    const { error = 'Refused', code = 'refused', details = {} } = answer as ErrorAnswer;
    throw new RouteRefusal(statusCode, code, error, details);
  }
}
