import { OTHER_ERROR, STANDARD_ERRORS } from '../http/errors/standard-errors.js';
import type { Schema } from './schemas.js';

export interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema?: Schema;
  style?: string;
  explode?: boolean;
  /** Of `sharedAs`: the component that it is. Not published. */
  'x-shared-as'?: string;
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
  /** Of `@OwnUnits()`: takes no part in idempotency. For this file alone, and not published. */
  'x-own-units'?: boolean;
  [more: string]: unknown;
}

export const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const isPublic = ({ security = [] }: Operation) =>
  security.length === 0 || security.every(one => Object.keys(one).length === 0);

/** What follows from the route itself: a scope, a body, parameters, conditional headers. */
function impliedStatuses(operation: Operation): number[] {
  const { parameters = [], requestBody } = operation;
  const has = (header: string) => parameters.some(one => one.in === 'header' && one.name === header);
  return [
    ...(operation['x-required-scope'] ? [403] : []),
    ...(has('Idempotency-Key') ? [409] : []),
    ...(has('If-Match') ? [412] : []),
    ...(requestBody || parameters.some(one => one.in !== 'header') ? [422] : []),
  ];
}

/**
 * Errors of the standard meaning refer to the shared response; others keep their own words and the one shape. What any
 * route may answer (`everywhere`) is the `default`.
 */
function withErrors(operation: Operation): Operation['responses'] {
  const responses = { ...operation.responses };
  for (const status of impliedStatuses(operation)) responses[status] ??= {};
  for (const [status, answer] of Object.entries(responses)) {
    const standard = STANDARD_ERRORS[Number(status)];
    if (!standard || answer.$ref !== undefined) continue;
    const own = answer.description && answer.description !== standard.meaning;
    const content = { 'application/json': { schema: { $ref: '#/components/schemas/ErrorAnswer' } } };
    if (own) responses[status] = { content, ...answer };
    else if (standard.everywhere) delete responses[status];
    else responses[status] = { $ref: `#/components/responses/${standard.name}` };
  }
  return { ...responses, default: { $ref: `#/components/responses/${OTHER_ERROR}` } };
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
  const sentences = operation.description?.endsWith(sentence)
    ? [operation.description]
    : [operation.description, sentence];
  return {
    security: isPublic(operation) ? [] : operation.security,
    description: sentences.filter(Boolean).join('\n\n'),
  };
}

const IDEMPOTENCY: Parameter = {
  'x-shared-as': 'Idempotency-Key',
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same key and body within 24 hours give the first answer again',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

/** The parameters of the route, those that follow from what it is, and ids that are said to be UUIDs. */
function parametersOf(method: string, operation: Operation): Parameter[] {
  const own = withoutTwins(operation.parameters ?? [])
    .map(typedId)
    .map(optionalHeader);
  const once = method === 'post' && !operation['x-own-units'] && !isPublic(operation);
  const all = once ? [...own.filter(one => one.name !== IDEMPOTENCY.name), IDEMPOTENCY] : own;
  return all.map(withoutDefaults);
}

/** A route with its access, all of its parameters and errors. */
export function finishOperation(method: string, operation: Operation): Operation {
  const { 'x-own-units': _internal, ...rest } = operation;
  const parameters = parametersOf(method, operation);
  const finished = { ...rest, ...accessOf(operation), parameters };
  return { ...finished, responses: withErrors(finished) };
}

/** `@Headers('if-match')` documents itself once more, as required and in lower case. */
function withoutTwins(parameters: Parameter[]): Parameter[] {
  const spelled = new Set(parameters.map(one => one.name));
  const twin = ({ in: place, name }: Parameter) =>
    place === 'header' && [...spelled].some(one => one !== name && one.toLowerCase() === name);
  return parameters.filter(one => !twin(one));
}

/** No route needs a header: what a policy demands depends on the row. */
function optionalHeader(parameter: Parameter): Parameter {
  return parameter.in === 'header' ? { ...parameter, required: false } : parameter;
}

/** `{id}` and `{…_id}` of a path without a type of their own are UUIDs: `IdPipe` reads them. */
function typedId(parameter: Parameter): Parameter {
  const untyped = !parameter.schema?.format && !parameter.schema?.pattern && !parameter.schema?.enum;
  if (parameter.in !== 'path' || !untyped || !/^(.+_)?id$/.test(parameter.name)) return parameter;
  return { ...parameter, schema: { type: 'string', format: 'uuid' } };
}

/** What a parameter is anyway is not said: that it may be absent, and of a query how several values stand in it. */
function withoutDefaults({ required, style, explode, ...rest }: Parameter): Parameter {
  const isForm = rest.in === 'query' && (style ?? 'form') === 'form';
  return {
    ...rest,
    ...(required && { required }),
    ...(style !== undefined && !isForm && { style }),
    ...(explode !== undefined && !(isForm && explode) && { explode }),
  };
}
