import { applyDecorators, type Type as NestType } from '@nestjs/common';
import {
  ApiBody,
  ApiHeader,
  ApiOperation,
  ApiParam,
  ApiQuery,
  type ApiQueryOptions,
  ApiResponse,
} from '@nestjs/swagger';
import { ErrorsOf } from '../../http/errors/error-answer.js';
import { OtpHeader, ReasonHeader, ROTATION_HEADERS } from '../../http/policy-headers.js';
import { sharedAs } from '../../http/shared-as.js';
import { DescribedTag } from '../../http/tags.js';
import { BulkAnswer } from './answers.js';
import { bodiesOf } from '../bodies/bodies.js';
import { bulkBodyOf } from '../bodies/bulk-body.js';
import { aOrAn, oneOf, pluralOf, several, words } from './naming.js';
import type { ResourceSpec, Route } from '../resource.js';

function header(name: string, description: string, required = false) {
  return ApiHeader({ name, description, required, schema: { type: 'string' }, ...sharedAs(name) });
}

const ETAG = {
  ETag: { description: 'The version, quoted', schema: { type: 'string' as const, example: '"1"' } },
};
const LOCATION = {
  Location: { description: 'The path of the new row', schema: { type: 'string' as const } },
};

function answer(type: NestType, status: number, description: string, headers: object = ETAG) {
  return ApiResponse({ status, description, type, headers: headers as never });
}

const CODE = 'A fresh one-time code of your second factor; needed where you have one';

function policyHeaders(spec: ResourceSpec, route: Route): MethodDecorator[] {
  if (spec.codeHeader?.includes(route)) return [OtpHeader(CODE)];
  return spec.policyHeaders?.includes(route) ? [ReasonHeader(), OtpHeader()] : [];
}

const ROTATE = ApiQuery({
  name: 'rotate',
  required: false,
  description:
    'With `revealed`, what they have revealed and may not reveal any more is demanded to be rotated, in the same ' +
    'transaction: up to 1,000 credentials; 403 as a whole without `msp:admin`, and by access tokens. The headers ' +
    '`X-Opskeep-Rotations-*` say how many',
  schema: { type: 'string', enum: ['revealed'] },
  ...sharedAs('rotate'),
});

/** What its answer says then. */
function counts({ withdraws }: ResourceSpec, route: Route): object {
  if (!withdraws?.includes(route)) return {};
  const described = { description: 'With `rotate=revealed` alone', schema: { type: 'integer', minimum: 0 } };
  return Object.fromEntries(Object.values(ROTATION_HEADERS).map(name => [name, described]));
}

/** What a route that takes access away is asked with. */
const withdrawal = ({ withdraws }: ResourceSpec, route: Route): MethodDecorator[] =>
  withdraws?.includes(route) ? [ROTATE] : [];

export function DescribeResource(spec: ResourceSpec): ClassDecorator {
  return DescribedTag(words(spec.path), spec.about);
}

const idParam = ApiParam({ name: 'id', schema: { type: 'string', format: 'uuid' } });
const ifMatch = header('If-Match', 'The ETag that was read; 412 when the row has changed since');
const WITHOUT_SECRETS = ApiQuery({
  name: 'reveal',
  required: false,
  description: 'With `false` the answer holds the metadata alone',
  schema: { type: 'boolean' },
});
const bodyOf = (type: NestType) => ApiBody({ type });

/** What a body must fulfil, and what becomes of it: also what follows from the options of the resource. */
function writingOf(spec: ResourceSpec): string | undefined {
  const { writing, redacts, client, inheritsClient, asksForClient } = spec;
  const where = redacts === true ? 'texts, lists and maps' : redacts?.map(name => `\`${name}\``).join(', ');
  const sentences = [
    writing,
    where && `Secrets in ${where} are masked as \`[redacted:…]\` before they are stored.`,
    inheritsClient && client === 'self' && 'Without `client_id`, the client is that of what it refers to.',
    asksForClient && 'What refers to a row of a client belongs to that client (422).',
  ];
  return sentences.filter(Boolean).join('\n\n') || undefined;
}

export function DescribeCreate(spec: ResourceSpec): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: `create${spec.label}`,
      summary: `Creates ${aOrAn(oneOf(spec))}`,
      description: writingOf(spec),
    }),
    ...policyHeaders(spec, 'create'),
    ...withdrawal(spec, 'create'),
    bodyOf(bodiesOf(spec).create),
    answer(bodiesOf(spec).written, 201, 'Created', { ...ETAG, ...LOCATION, ...counts(spec, 'create') }),
    ErrorsOf(401, 403, 409, 422),
  );
}

export function DescribeBulk(spec: ResourceSpec): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: `bulkCreate${pluralOf(spec)}`,
      summary: `Creates up to 1000 ${several(spec)}`,
      description: 'An item that is refused leaves the others alone; with `atomic`, all are created or none.',
    }),
    ...policyHeaders(spec, 'bulk'),
    bodyOf(bulkBodyOf(spec)),
    ApiResponse({ status: 200, description: 'One result for each item', type: BulkAnswer }),
    ErrorsOf(401, 403, 409, 422),
  );
}

/** `cacheable`: the answer depends on the row alone, so that its version says whether it is still current. */
export function DescribeGet(spec: ResourceSpec, cacheable: boolean): MethodDecorator {
  const conditional = [
    header('If-None-Match', 'The ETag that is known; 304 when it is still current'),
    ApiResponse({ status: 304, description: 'Still as it was' }),
  ];
  return applyDecorators(
    ApiOperation({ operationId: `get${spec.label}`, summary: `Returns ${aOrAn(oneOf(spec))}` }),
    idParam,
    ...(cacheable ? conditional : []),
    ...policyHeaders(spec, 'get'),
    ...(spec.secrets ? [WITHOUT_SECRETS] : []),
    answer(bodiesOf(spec).revealed, 200, 'The row'),
    ErrorsOf(401, 403, 404, 422),
  );
}

export function DescribeUpdate(spec: ResourceSpec, verb: 'update' | 'put'): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: `${verb}${spec.label}`,
      summary: `Changes ${aOrAn(oneOf(spec))}`,
      description:
        'PUT and PATCH alike: what is absent stays as it is, null clears. A read-only field may only repeat its value.' +
        (spec.changing ? `\n\n${spec.changing}` : ''),
    }),
    idParam,
    ifMatch,
    ...policyHeaders(spec, 'update'),
    ...withdrawal(spec, 'update'),
    bodyOf(bodiesOf(spec).update),
    answer(bodiesOf(spec).written, 200, 'The row after the change', { ...ETAG, ...counts(spec, 'update') }),
    ErrorsOf(401, 403, 404, 409, 412, 422),
  );
}

export function DescribeRemove(spec: ResourceSpec): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: `delete${spec.label}`,
      summary: `${spec.keeps ? 'Ends' : 'Deletes'} ${aOrAn(oneOf(spec))}`,
      description: spec.changing,
    }),
    idParam,
    ifMatch,
    ...withdrawal(spec, 'remove'),
    ...(spec.removeQuery ? [ApiQuery({ required: false, ...spec.removeQuery } as ApiQueryOptions)] : []),
    ApiResponse({
      status: 204,
      description: spec.keeps ? 'Ended' : 'Deleted',
      ...(spec.withdraws?.includes('remove') ? { headers: counts(spec, 'remove') as never } : {}),
    }),
    ErrorsOf(401, 403, 404, 409, 412, 422),
  );
}
