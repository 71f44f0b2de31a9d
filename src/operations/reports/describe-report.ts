import { applyDecorators, type Type } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiOperation,
  ApiQuery,
  type ApiQueryOptions,
  ApiResponse,
  getSchemaPath,
} from '@nestjs/swagger';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { DescribeWords } from '../../core/http/pipes/words.pipe.js';
import { sharedAs } from '../../core/http/shared-as.js';
import type { ReportKind } from './report.js';
import { FORMATS } from './report-queries.service.js';

const query = (name: string, schema: object, description: string, shared = `report.${name}`) =>
  ApiQuery({ name, required: false, schema, description, ...sharedAs(shared) } as ApiQueryOptions);

const OF_ALL = [
  query('client_id', { type: 'string', format: 'uuid' }, 'Of this client alone', 'of.client_id'),
  query(
    'format',
    { type: 'string', enum: [...FORMATS] },
    'As `Accept` says when absent: `text/html`, `text/csv`, else JSON. CSV has the rows, and is refused where they are cut',
  ),
  // As exports have it, one component of the document.
  ApiQuery({
    name: 'bom',
    required: false,
    description: 'CSV begins with a byte order mark, by which Excel knows UTF-8',
    schema: { type: 'string', enum: ['true', 'false'] },
    ...sharedAs('bom'),
  } as ApiQueryOptions),
];
const OF_PERIODS = [
  query('month', { type: 'string', example: '2026-01' }, 'Instead of `from` and `to`'),
  query(
    'from',
    { type: 'string', format: 'date' },
    'The first day; eleven months before the last one when absent',
  ),
  query('to', { type: 'string', format: 'date' }, 'The last day; the end of the present month when absent'),
];

/** The route of a report in the document. */
export function DescribeReport(
  type: Type,
  {
    operationId,
    summary,
    description,
    hasPeriod = false,
    filters = {},
  }: {
    operationId: string;
    summary: string;
    description: string;
    hasPeriod?: boolean;
    filters?: ReportKind['filters'];
  },
): MethodDecorator {
  return applyDecorators(
    RequireScope('msp:read'),
    ApiOperation({ operationId, summary, description }),
    ApiExtraModels(type),
    ...OF_ALL,
    ...(hasPeriod ? OF_PERIODS : []),
    ...Object.entries(filters).map(
      ([name, words]) => DescribeWords(name, 'All when absent', words) as MethodDecorator,
    ),
    ApiResponse({
      status: 200,
      description: 'The report',
      content: {
        'application/json': { schema: { $ref: getSchemaPath(type) } },
        'text/csv': { schema: { type: 'string', description: 'The rows, under the names of their fields' } },
        'text/html': {
          schema: { type: 'string', description: 'A page without scripts, to read and to print' },
        },
      },
    }),
    ErrorsOf(401, 403, 404, 422),
  );
}
