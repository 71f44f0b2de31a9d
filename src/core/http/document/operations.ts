import { STANDARD_ERRORS } from '../standard-errors.js';
import type { Schema } from './schemas.js';

interface Parameter {
  name: string;
  in: string;
  schema?: Schema;
}
interface Answer {
  description?: string;
  content?: Record<string, unknown>;
  $ref?: string;
}

/** One route of the document: what is read of it here. */
export interface Operation {
  operationId?: string;
  description?: string;
  tags?: string[];
  security?: Record<string, string[]>[];
  parameters?: Parameter[];
  requestBody?: { content?: Record<string, unknown> };
  responses: Record<string, Answer>;
  'x-required-scope'?: string;
  [more: string]: unknown;
}

export const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const isPublic = ({ security = [] }: Operation) =>
  security.length === 0 || security.every(one => Object.keys(one).length === 0);

/** What follows from the route itself: a token, a body, parameters, conditional headers. */
function impliedStatuses(operation: Operation): number[] {
  const { parameters = [], requestBody } = operation;
  const has = (header: string) => parameters.some(one => one.in === 'header' && one.name === header);
  return [
    ...(isPublic(operation) ? [] : [401]),
    ...(operation['x-required-scope'] ? [403] : []),
    ...(has('Idempotency-Key') ? [409] : []),
    ...(has('If-Match') ? [412] : []),
    ...(requestBody ? [413, 415] : []),
    ...(requestBody || parameters.some(one => one.in !== 'header') ? [422] : []),
    429,
    503,
  ];
}

/** Errors of the standard meaning refer to the shared response; others keep their own words and the one shape. */
function withErrors(operation: Operation): Operation['responses'] {
  const responses = { ...operation.responses };
  for (const status of impliedStatuses(operation)) responses[status] ??= {};
  for (const [status, answer] of Object.entries(responses)) {
    const standard = STANDARD_ERRORS[Number(status)];
    if (!standard || answer.$ref !== undefined) continue;
    const own = answer.description && answer.description !== standard.meaning;
    const content = { 'application/json': { schema: { $ref: '#/components/schemas/ErrorAnswer' } } };
    responses[status] = own ? { content, ...answer } : { $ref: `#/components/responses/${standard.name}` };
  }
  return responses;
}

/** The scope in the three places where tools and people look: roles (3.1), an extension, and a sentence. */
function accessOf(operation: Operation): Pick<Operation, 'security' | 'description'> {
  const scope = operation['x-required-scope'];
  const anonymous = operation.security?.some(one => Object.keys(one).length === 0);
  const sentence = scope
    ? `Needs the scope \`${scope}\`.`
    : isPublic(operation)
      ? 'Needs no token.'
      : anonymous
        ? 'A token is optional; one that is sent must be valid.'
        : 'Needs a token; any scopes will do.';
  const told = operation.description?.endsWith(sentence)
    ? [operation.description]
    : [operation.description, sentence];
  return {
    security: isPublic(operation) ? [] : operation.security,
    description: told.filter(Boolean).join('\n\n'),
  };
}

/** A route with its access, all of its errors, and ids that are said to be UUIDs. */
export function finishOperation(operation: Operation): Operation {
  const { parameters, ...rest } = operation;
  return {
    ...rest,
    ...accessOf(operation),
    ...(parameters?.length ? { parameters: withoutTwins(parameters).map(typedId) } : {}),
    responses: withErrors(operation),
  };
}

/** `@Headers('if-match')` documents itself once more, as required and in lower case. */
function withoutTwins(parameters: Parameter[]): Parameter[] {
  const spelled = new Set(parameters.map(one => one.name));
  const twin = ({ in: place, name }: Parameter) =>
    place === 'header' && [...spelled].some(one => one !== name && one.toLowerCase() === name);
  return parameters.filter(one => !twin(one));
}

/** `{id}` and `{…_id}` of a path without a type of their own are UUIDs: `IdPipe` reads them. */
function typedId(parameter: Parameter): Parameter {
  const untyped = !parameter.schema?.format && !parameter.schema?.pattern && !parameter.schema?.enum;
  if (parameter.in !== 'path' || !untyped || !/^(.+_)?id$/.test(parameter.name)) return parameter;
  return { ...parameter, schema: { type: 'string', format: 'uuid' } };
}
