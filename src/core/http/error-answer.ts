import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiResponse } from '@nestjs/swagger';

/** The one shape of every answer of 400 and above. */
export class ErrorAnswer {
  @ApiProperty({ example: 'Client with this name already exists' }) error!: string;
  @ApiProperty({
    enum: [
      'authentication', 'authorization', 'not_found', 'method_not_allowed', 'conflict', 'precondition', 'too_large',
      'unsupported_media_type', 'validation', 'rate_limited', 'unavailable', 'internal',
    ], // prettier-ignore
    example: 'conflict',
  })
  code!: string;
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    properties: {
      field: { type: 'string' },
      resource_type: { type: 'string' },
      resource_id: { type: 'string', nullable: true },
      errors: {
        type: 'array',
        items: {
          type: 'object',
          properties: { field: { type: 'string' }, message: { type: 'string' }, rule: { type: 'string' } },
        },
      },
    },
  })
  details!: object;
  @ApiProperty({ example: '/api/clients' }) path!: string;
  @ApiProperty({ example: '01981f5e-6f43-7bd1-b4a5-1f0c2a5b7c11' }) request_id!: string;
}

const MEANING: Record<number, string> = {
  401: 'No valid token (`WWW-Authenticate: Bearer`)',
  403: 'The token lacks the scope or the grant',
  404: 'No such row, or one that the caller may not know of',
  409: 'Uniqueness, state, cycle, or a row that is still referenced',
  412: 'If-Match is stale',
  413: 'The body is too large',
  415: 'The body is of another type than the route reads',
  422: 'What was sent is not valid; every fault at once',
  429: 'Too many requests (`Retry-After`)',
  503: 'The database, the keystore or the audit is away (`Retry-After`)',
};

/** Documents the errors of a route; those that every route has come along. */
export function ErrorsOf(...statuses: number[]): MethodDecorator & ClassDecorator {
  const known = [...new Set([...statuses, 429, 503])].sort();
  return applyDecorators(
    ...known.map(status =>
      ApiResponse({ status, description: MEANING[status] ?? 'Error', type: ErrorAnswer }),
    ),
  );
}
