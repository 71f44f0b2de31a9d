import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiResponse } from '@nestjs/swagger';
import { STANDARD_ERRORS } from './standard-errors.js';

/** The one shape of every answer of 400 and above. */
export class ErrorAnswer {
  @ApiProperty({ example: 'Client with this name already exists' }) error!: string;
  @ApiProperty({
    enum: [
      'authentication',
      'authorization',
      'not_found',
      'method_not_allowed',
      'conflict',
      'precondition',
      'too_large',
      'unsupported_media_type',
      'validation',
      'rate_limited',
      'unavailable',
      'internal',
    ],
    example: 'conflict',
  })
  code!: string;
  @ApiProperty({
    type: 'object',
    required: ['errors'],
    selfRequired: true,
    additionalProperties: true,
    description: 'What is known of it; an empty list of `errors` where no field is at fault',
    properties: {
      field: { type: 'string', description: 'The first field at fault' },
      resource_type: {
        type: 'string',
        description: 'In upper camel case, such as BillableTime for `billable_time`',
      },
      resource_id: { type: 'string', nullable: true },
      scope: { type: 'string', description: 'The scope that is missing' },
      reason: { type: 'string', description: 'Of a refused token or login, such as expired' },
      allowed: {
        type: 'array',
        items: { type: 'string' },
        description: 'What the state may become from here',
      },
      current_version: { type: 'integer', description: 'Of the row, where If-Match named another' },
      referenced_by: {
        type: 'array',
        items: { type: 'string' },
        description: 'Resources that still refer to the row',
      },
      left_behind: {
        type: 'array',
        items: { type: 'string' },
        description: 'Resources whose rows would be nobody’s',
      },
      ids: { type: 'array', items: { type: 'string' }, description: 'Rows that are in the way' },
      billed: {
        type: 'array',
        description: 'Entries that are on an invoice',
        items: {
          type: 'object',
          required: ['id', 'invoice_ref'],
          properties: { id: { type: 'string' }, invoice_ref: { type: 'string', nullable: true } },
        },
      },
      errors: {
        type: 'array',
        description: 'The first 20 faults of a body or query; never the value that was sent',
        items: {
          type: 'object',
          required: ['field', 'message', 'rule'],
          properties: { field: { type: 'string' }, message: { type: 'string' }, rule: { type: 'string' } },
        },
      },
    },
  })
  details!: object;
  @ApiProperty({ example: '/api/clients' }) path!: string;
  @ApiProperty({
    type: 'string',
    nullable: true,
    example: '01981f5e-6f43-7bd1-b4a5-1f0c2a5b7c11',
    description: 'Also in the header X-Request-Id and in the log',
  })
  request_id!: string | null;
}

/**
 * Documents the errors of a route. What any route may answer, and what follows from what it is (a scope, a body,
 * `If-Match`), is in the document for every route and need not be named.
 */
export function ErrorsOf(...statuses: number[]): MethodDecorator & ClassDecorator {
  const told = statuses.filter(status => !STANDARD_ERRORS[status]?.everywhere);
  return applyDecorators(
    ...told.map(status =>
      ApiResponse({
        status,
        description: STANDARD_ERRORS[status]?.meaning ?? 'Error',
        type: ErrorAnswer,
      }),
    ),
  );
}
