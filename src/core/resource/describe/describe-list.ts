import { applyDecorators } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiOperation,
  ApiParam,
  ApiQuery,
  type ApiQueryOptions,
  ApiResponse,
} from '@nestjs/swagger';
import { ErrorsOf } from '../../http/errors/error-answer.js';
import { sharedAs } from '../../http/shared-as.js';
import { pageOf } from './answers.js';
import { bodiesOf } from '../bodies/bodies.js';
import { fieldFilters } from './field-filters.js';
import { capitalized, pluralOf, words } from './naming.js';
import { COUNTS } from '../lists/query-parts.js';
import { isFilterable } from '../lists/filters.js';
import type { ResourceSpec } from '../resource.js';

const text = (name: string, description: string, more: object = {}): ApiQueryOptions =>
  ({ name, required: false, description, schema: { type: 'string', ...more } }) as ApiQueryOptions;
const everywhere = (one: ApiQueryOptions): ApiQueryOptions => ({
  ...one,
  ...sharedAs((one as { name: string }).name),
});

/** Paging: the same for every list. */
const PAGING = [
  {
    name: 'skip',
    required: false,
    // No `default`: tools would send it along with a cursor, which is refused.
    description: 'Rows to skip (default 0)',
    schema: { type: 'integer', minimum: 0 },
  },
  {
    name: 'limit',
    required: false,
    description: 'Rows on a page; very long ones may end it earlier where this is not sent, or with a cursor',
    schema: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
  },
  text('cursor', 'The `next` of the page before; not together with skip'),
  text('count', '`exact`: also beyond 10,000 rows; `none`: nothing is counted', {
    enum: [...COUNTS],
  }),
].map(everywhere);

/** Of a report, which has its own order and no cursor. */
export const SKIP_AND_LIMIT = PAGING.slice(0, 2);

/** Order and choice of columns: the same for every list and export. */
export const CHOICE = [
  text('sort', 'Fields, separated by commas, `-` for descending; newest first when absent', {
    example: '-created_at',
  }),
  text('fields', 'Only these fields, separated by commas'),
  text('omit', 'Without these fields, separated by commas'),
].map(everywhere);

/** As `CHOICE`, of what hangs on a row: its list has an order of its own. */
const CHOICE_OF_CHILDREN = [
  text('sort', 'Fields, separated by commas, `-` for descending', { example: '-id' }),
  ...CHOICE.slice(1),
];

/** How every list is paged. */
export const PagingQueries = () => applyDecorators(...PAGING.map(one => ApiQuery(one)));

/** Keys are data: the names of these parameters are the names of properties. */
const CUSTOM = everywhere({
  name: 'custom_fields',
  required: false,
  style: 'form',
  explode: true,
  description:
    '`cf.<key>=value` and `cf.<key>__<operator>=value` for each custom field of the resource, with the operators that its kind has elsewhere (`ne`, `in`, `gt`, `gte`, `lt`, `lte`, `startswith`, `isnull`; of a list, `isnull` alone). `sort=cf.<key>` orders by it; rows without a value come last. On the docs page: `{"cf.rack__isnull": "true"}`.',
  schema: {
    type: 'object',
    additionalProperties: { type: 'string' },
    // What the docs page puts in unasked: a key that nobody defined would be refused.
    example: {},
  },
} as ApiQueryOptions);

/** What a list or an export of a resource filters by. */
export function filterQueries(spec: ResourceSpec): ApiQueryOptions[] {
  const queries = spec.fields.filter(isFilterable).flatMap(fieldFilters);
  for (const { name, description, schema } of spec.filters ?? [])
    queries.push({ name, required: false, description, schema } as ApiQueryOptions);
  const searched = spec.fields.filter(one => one.search).map(one => `\`${one.name}\``);
  if (searched.length > 0) queries.push(text('q', `Text in any of ${searched.join(', ')}`));
  if (spec.customFields) queries.push(CUSTOM);
  if (spec.archivable)
    queries.push(
      everywhere(
        text('archived', 'Archived rows: `false` leaves them out, `true` shows them alone, `any` shows all', {
          enum: ['true', 'false', 'any'],
          default: 'false',
        }),
      ),
    );
  if (spec.taggable)
    queries.push(
      ...[
        text('tags', 'Has one of these tags, separated by commas'),
        text('tags_all', 'Has all of these tags, separated by commas'),
      ].map(everywhere),
    );
  return queries;
}

function listDecorators(spec: ResourceSpec, operationId: string, summary: string) {
  const created = spec.byName.get('created_at');
  const choice = created && isFilterable(created) ? CHOICE : CHOICE_OF_CHILDREN;
  return [
    ApiExtraModels(pageOf(bodiesOf(spec).view)),
    ApiOperation({ operationId, summary }),
    ...[...PAGING, ...choice, ...filterQueries(spec)].map(one => ApiQuery(one)),
    ErrorsOf(401, 403, 422),
  ];
}

/** The list of a resource; that it can be an export too is said by `DescribeExport`. */
export function DescribeList(spec: ResourceSpec): MethodDecorator {
  return DescribeListAs(spec, `list${pluralOf(spec)}`, `Lists ${words(spec.path)}`);
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
    DescribeListAs(spec, operationId, `Lists ${words(spec.path)} by ${words(parent)}`),
    ApiParam({
      name: 'id',
      description: `The id of the ${words(parent)}`,
      schema: { type: 'string', format: 'uuid' },
      ...sharedAs(`by-${parent}.id`),
    }),
  );
}
