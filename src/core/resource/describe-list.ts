import { applyDecorators } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiOperation,
  ApiParam,
  ApiQuery,
  type ApiQueryOptions,
  ApiResponse,
  getSchemaPath,
} from '@nestjs/swagger';
import { ErrorsOf } from '../http/error-answer.js';
import { pageOf } from './answers.js';
import { bodiesOf } from './bodies.js';
import { capitalized, pluralOf, words } from './naming.js';
import type { FieldSpec } from '../table/field-spec.js';
import { isFilterable, operatorsOf } from './filters.js';
import type { ResourceSpec } from './resource.js';

const text = (name: string, description: string, more: object = {}): ApiQueryOptions =>
  ({ name, required: false, description, schema: { type: 'string', ...more } }) as ApiQueryOptions;

/** Paging, order and choice of columns: the same for every list. */
const PAGING: ApiQueryOptions[] = [
  {
    name: 'skip',
    required: false,
    // No `default`: tools would send it along with a cursor, which is refused.
    description: 'Leaves out so many rows; 0 when absent',
    schema: { type: 'integer', minimum: 0 },
  },
  {
    name: 'limit',
    required: false,
    description: 'Rows of a page',
    schema: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
  },
  text('cursor', 'Continues behind the page that gave it as `next`; not together with skip'),
  text('sort', 'Fields in order, `-` for descending; by creation, newest first, when absent', {
    example: '-created_at',
  }),
  text('count', '`exact` counts beyond 10,000', { enum: ['exact'] }),
  text('fields', 'Only these fields, separated by commas; the items then lack the others'),
  text('omit', 'Without these fields, separated by commas'),
];

/** A field as a filter: one parameter, whose description names its operators. */
function filterQuery(field: FieldSpec): ApiQueryOptions {
  const operators = operatorsOf(field).map(operator => `\`${field.name}__${operator}\``);
  const { type, format, enum: choices } = field.api as { type?: string; format?: string; enum?: string[] };
  return {
    name: field.name,
    required: false,
    description: `Repeat for OR. Also: ${operators.join(', ')}`,
    schema: { type: 'array', items: { type, format, enum: choices } },
    style: 'form',
    explode: true,
  } as ApiQueryOptions;
}

function filterQueries(spec: ResourceSpec): ApiQueryOptions[] {
  const queries = spec.fields.filter(isFilterable).map(filterQuery);
  for (const { name, description, schema } of spec.filters ?? [])
    queries.push({ name, required: false, description, schema } as ApiQueryOptions);
  const searched = spec.fields.filter(one => one.search).map(one => `\`${one.name}\``);
  if (searched.length > 0) queries.push(text('q', `Text in any of ${searched.join(', ')}`));
  if (spec.archivable)
    queries.push(text('archived', 'Archived rows too', { enum: ['true', 'false', 'any'], default: 'false' }));
  if (spec.taggable)
    queries.push(
      text('tags', 'Has one of these tags, separated by commas'),
      text('tags_all', 'Has all of these tags, separated by commas'),
    );
  return queries;
}

function listDecorators(spec: ResourceSpec, operationId: string, summary: string) {
  return [
    ApiExtraModels(pageOf(bodiesOf(spec).view)),
    ApiOperation({ operationId, summary }),
    ...[...PAGING, ...filterQueries(spec)].map(one => ApiQuery(one)),
    ErrorsOf(401, 403, 422),
  ];
}

/** The list of a resource, and its export as CSV or NDJSON. */
export function DescribeList(spec: ResourceSpec): MethodDecorator {
  return applyDecorators(
    ...listDecorators(spec, `list${pluralOf(spec)}`, `A page of ${words(spec.path)}`),
    ApiResponse({
      status: 200,
      description: 'A page; with `Accept: text/csv` or `application/x-ndjson` the whole filtered list',
      content: {
        'application/json': { schema: { $ref: getSchemaPath(pageOf(bodiesOf(spec).view)) } },
        'text/csv': {
          schema: { type: 'string', description: 'A line of column names, then a line for each row' },
        },
        'application/x-ndjson': { schema: { type: 'string', description: 'One JSON object on each line' } },
      },
    }),
  );
}

/** A list that a domain's own route restricts. */
export function DescribeListAs(spec: ResourceSpec, operationId: string, summary: string): MethodDecorator {
  return applyDecorators(
    ...listDecorators(spec, operationId, summary),
    ApiResponse({ status: 200, description: 'A page', type: pageOf(bodiesOf(spec).view) }),
  );
}

/** The list, restricted to the rows of one parent. */
export function DescribeListBy(spec: ResourceSpec, parent: string): MethodDecorator {
  const operationId = `list${pluralOf(spec)}By${capitalized(parent)}`;
  return applyDecorators(
    DescribeListAs(spec, operationId, `The ${words(spec.path)} of one ${words(parent)}`),
    ApiParam({
      name: 'id',
      description: `The id of the ${words(parent)}`,
      schema: { type: 'string', format: 'uuid' },
    }),
  );
}
