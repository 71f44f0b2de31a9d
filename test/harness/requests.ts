import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { BulkResult } from '../../src/core/resource/bulk/bulk.js';
import type { ErrorDetails, FieldFault } from '../../src/core/context/errors.js';

export type Body = Record<string, unknown>;

/** A row as an answer shows it. */
export interface Shown extends Body {
  id: string;
  version: number;
  created_at: string;
  updated_at: string;
}

/** Whatever an answer may hold: a row, a page, results, tokens, an error. A test reads what it expects. */
export interface AnswerBody extends Shown {
  items: Shown[];
  total: number | null;
  total_capped?: boolean;
  skip: number;
  limit: number;
  next: string | null;
  results: BulkResult[];
  access_token: string;
  refresh_token: string;
  error: string;
  code: string;
  details: ErrorDetails & { errors: FieldFault[] };
  path: string;
  request_id: string;
}

export interface Answer {
  status: number;
  headers: Record<string, string | undefined>;
  /** As it came. */
  text: string;
  /** Parsed when it is JSON; an empty object otherwise. */
  body: AnswerBody;
}

type QueryValue = string | number | boolean;

export interface RequestOptions {
  /** `null` sends none. */
  token?: string | null;
  /** JSON; a string or Buffer is sent as it is. */
  body?: unknown;
  headers?: Record<string, string>;
  query?: Record<string, QueryValue | QueryValue[]>;
}

export type Http = (method: string, path: string, options?: RequestOptions) => Promise<Answer>;

function payloadOf(body: unknown): string | Buffer | undefined {
  if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) return body;
  return JSON.stringify(body);
}

function parsed(text: string, type: string | undefined): AnswerBody {
  return (type?.startsWith('application/json') && text !== '' ? JSON.parse(text) : {}) as AnswerBody;
}

/** Requests to the application without a socket; as `token` unless another one is given. */
export function httpOf(app: NestFastifyApplication, token: string): Http {
  return async (method, path, options = {}) => {
    const search = new URLSearchParams(
      Object.entries(options.query ?? {}).flatMap(([name, value]) =>
        [value].flat().map((one): [string, string] => [name, String(one)]),
      ),
    ).toString();
    const bearer = options.token === undefined ? token : options.token;
    const payload = payloadOf(options.body);
    const answer = await app.inject({
      method: method as 'GET',
      url: search === '' ? path : `${path}?${search}`,
      headers: {
        ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
        ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      payload,
    });
    const headers = answer.headers as Record<string, string | undefined>;
    const text = answer.payload;
    return { status: answer.statusCode, headers, text, body: parsed(text, headers['content-type']) };
  };
}
