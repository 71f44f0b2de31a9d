import { applyDecorators, Type as NestType } from '@nestjs/common';
import {
  ApiBody, ApiExtraModels, ApiHeader, ApiOperation, ApiParam, ApiProduces, ApiQuery, ApiQueryOptions, ApiResponse, ApiTags, getSchemaPath,
} from '@nestjs/swagger'; // prettier-ignore
import { bodiesOf } from './bodies.js';
import { bulkBodyOf } from './bulk-body.js';
import { ErrorAnswer, ErrorsOf } from '../http/error-answer.js';
import { isFilterable, operatorsOf } from './filters.js';
import type { ResourceSpec } from './resource.js';

const plural = (spec: ResourceSpec) =>
  spec.path.split('-').map(word => word.charAt(0).toUpperCase() + word.slice(1)).join(''); // prettier-ignore
const words = (text: string) => text.replaceAll(/[-_]/g, ' ');

function header(name: string, description: string, required = false) {
  return ApiHeader({ name, description, required, schema: { type: 'string' } });
}

const ETAG = {
  ETag: { description: 'The version, quoted', schema: { type: 'string' as const, example: '"1"' } },
};

function answer(spec: ResourceSpec, status: number, description: string, headers: object = ETAG) {
  return ApiResponse({ status, description, type: bodiesOf(spec).view, headers: headers as never });
}

export function DescribeResource(spec: ResourceSpec): ClassDecorator {
  return applyDecorators(
    ApiTags(words(spec.path)),
    ApiExtraModels(bodiesOf(spec).view, ErrorAnswer),
  ) as ClassDecorator;
}

function pageSchema(spec: ResourceSpec) {
  return {
    type: 'object',
    required: ['items', 'total', 'skip', 'limit', 'next'],
    properties: {
      items: { type: 'array', items: { $ref: getSchemaPath(bodiesOf(spec).view) } },
      total: {
        type: 'integer',
        nullable: true,
        description: 'Exact to 10,000 or with count=exact; null on cursor pages',
      },
      total_capped: { type: 'boolean' },
      skip: { type: 'integer' },
      limit: { type: 'integer' },
      next: { type: 'string', nullable: true, description: 'The cursor of the next page' },
    },
  };
}

const text = (name: string, description: string, more: object = {}): ApiQueryOptions =>
  ({ name, required: false, description, schema: { type: 'string', ...more } }) as ApiQueryOptions;

/** Paging, order and choice of columns: the same for every list. */
const PAGING: ApiQueryOptions[] = [
  { name: 'skip', required: false, schema: { type: 'integer', minimum: 0, default: 0 } },
  { name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: 1000, default: 100 } },
  text('cursor', 'Continues behind the page that gave it as `next`; not together with skip'),
  text('sort', 'Fields in order, `-` for descending; `-id` when absent', { example: '-created_at' }),
  text('count', '`exact` counts beyond 10,000', { enum: ['exact'] }),
  text('fields', 'Only these fields, separated by commas'),
  text('omit', 'Without these fields'),
];

/** Filters: one parameter for each field; the operators stand in its description. */
function filterQueries(spec: ResourceSpec): ApiQueryOptions[] {
  const queries = spec.fields.filter(isFilterable).map((field): ApiQueryOptions => {
    const operators = operatorsOf(field).map(operator => `${field.name}__${operator}`);
    const { type, format, enum: choices } = field.api as { type?: string; format?: string; enum?: string[] };
    const schema = { type, ...(format ? { format } : {}), ...(choices ? { enum: choices } : {}) };
    return {
      name: field.name,
      required: false,
      description: `Repeat for OR. Also: ${operators.join(', ')}`,
      schema: { type: 'array', items: schema },
      style: 'form',
      explode: true,
    } as ApiQueryOptions;
  });
  if (spec.fields.some(one => one.search)) queries.push(text('q', 'Text in any of the searched fields'));
  if (spec.archivable)
    queries.push(text('archived', 'Archived rows too', { enum: ['true', 'false', 'any'], default: 'false' }));
  if (spec.taggable)
    queries.push(text('tags', 'Has one of these tags'), text('tags_all', 'Has all of these tags'));
  return queries;
}

function listDecorators(spec: ResourceSpec, operationId: string, summary: string) {
  return [
    ApiOperation({ operationId, summary }),
    ...[...PAGING, ...filterQueries(spec)].map(one => ApiQuery(one)),
    ErrorsOf(401, 403, 422),
  ];
}

export function DescribeList(spec: ResourceSpec): MethodDecorator {
  return applyDecorators(
    ...listDecorators(spec, `list${plural(spec)}`, `A page of ${words(spec.path)}`),
    ApiProduces('application/json', 'text/csv', 'application/x-ndjson'),
    ApiResponse({
      status: 200,
      description: 'A page; as CSV or NDJSON the whole filtered list',
      content: {
        'application/json': { schema: pageSchema(spec) as never },
        'text/csv': { schema: { type: 'string' } },
        'application/x-ndjson': { schema: { type: 'string' } },
      },
    }),
  );
}

export function DescribeListBy(spec: ResourceSpec, parent: string): MethodDecorator {
  const operationId = `list${plural(spec)}By${parent.charAt(0).toUpperCase()}${parent.slice(1)}`;
  return applyDecorators(
    ...listDecorators(spec, operationId, `The ${words(spec.path)} of one ${parent}`),
    ApiParam({ name: 'id', schema: { type: 'string', format: 'uuid' } }),
    ApiResponse({ status: 200, description: 'A page', schema: pageSchema(spec) as never }),
  );
}

const idParam = ApiParam({ name: 'id', schema: { type: 'string', format: 'uuid' } });
const ifMatch = header('If-Match', 'The ETag that was read; 412 when the row has changed since');
const bodyOf = (type: NestType) => ApiBody({ type });

export function DescribeCreate(spec: ResourceSpec): MethodDecorator {
  return applyDecorators(
    ApiOperation({ operationId: `create${spec.label}`, summary: `Creates a ${words(spec.name)}` }),
    header('Idempotency-Key', 'The same key and body within 24 hours give the first answer again'),
    bodyOf(bodiesOf(spec).create),
    answer(spec, 201, 'Created', { ...ETAG, Location: { schema: { type: 'string' } } }),
    ErrorsOf(401, 403, 409, 422),
  );
}

export function DescribeBulk(spec: ResourceSpec): MethodDecorator {
  const result = {
    type: 'object',
    required: ['index', 'status'],
    properties: {
      index: { type: 'integer' },
      status: { type: 'integer' },
      id: { type: 'string', format: 'uuid' },
      error: {
        type: 'object',
        properties: { error: { type: 'string' }, code: { type: 'string' }, details: { type: 'object' } },
      },
    },
  };
  const schema = {
    type: 'object',
    required: ['results'],
    properties: { results: { type: 'array', items: result } },
  };
  return applyDecorators(
    ApiOperation({
      operationId: `bulkCreate${plural(spec)}`,
      summary: `Creates up to 1000 ${words(spec.path)}`,
    }),
    header('Idempotency-Key', 'The same key and body within 24 hours give the first answer again'),
    bodyOf(bulkBodyOf(spec)),
    ApiResponse({ status: 200, description: 'One result for each item', schema: schema as never }),
    ErrorsOf(401, 403, 409, 422),
  );
}

export function DescribeGet(spec: ResourceSpec): MethodDecorator {
  return applyDecorators(
    ApiOperation({ operationId: `get${spec.label}`, summary: `One ${words(spec.name)}` }),
    idParam,
    header('If-None-Match', 'The ETag that is known; 304 when it is still current'),
    answer(spec, 200, 'The row'),
    ErrorsOf(401, 403, 404, 422),
  );
}

export function DescribeUpdate(spec: ResourceSpec, verb: 'update' | 'replace'): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: `${verb}${spec.label}`,
      summary: `Changes a ${words(spec.name)}`,
      description: 'PUT and PATCH alike: what is absent stays as it is, null clears.',
    }),
    idParam,
    ifMatch,
    bodyOf(bodiesOf(spec).update),
    answer(spec, 200, 'The row after the change'),
    ErrorsOf(401, 403, 404, 409, 412, 422),
  );
}

export function DescribeRemove(spec: ResourceSpec): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: `delete${spec.label}`,
      summary: `Deletes a ${words(spec.name)} and what belongs to it`,
    }),
    idParam,
    ifMatch,
    ApiResponse({ status: 204, description: 'Deleted' }),
    ErrorsOf(401, 403, 404, 409, 412, 422),
  );
}
