import { finishDocument } from './finish-document.js';
import type { Operation, Parameter } from './operations.js';
import type { Schema } from './schemas.js';

interface Finished {
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, Schema>;
    responses: Record<string, object>;
    parameters: Record<string, Parameter>;
  };
  tags: object[];
}

const answer = { 200: { description: 'The row' } };

function finish(paths: object, schemas: object = {}): Finished {
  return finishDocument(
    { openapi: '3.1.0', info: { title: 'x', version: '1' }, paths, components: { schemas } },
    new Map([['sites', 'Where clients are']]),
  ) as unknown as Finished;
}

function operation(method: string, given: object): Operation {
  const { paths, components } = finish({ '/a': { [method]: { responses: answer, ...given } } });
  const one = paths['/a']?.[method] as Operation;
  const written = (parameter: object) =>
    '$ref' in parameter
      ? components.parameters[String(parameter.$ref).replace('#/components/parameters/', '')]
      : parameter;
  return { ...one, parameters: one.parameters?.map(written) as Parameter[] };
}

function schema(given: object): Schema {
  return finish({}, { X: given }).components.schemas.X as Schema;
}

describe('schemas', () => {
  it.each<[object, object]>([
    [{ type: 'string', nullable: true }, { type: ['string', 'null'] }],
    [
      { type: ['string', 'null'], enum: ['a'] },
      { type: ['string', 'null'], enum: ['a', null] },
    ],
    [
      { type: 'string', nullable: true, enum: ['a', null] },
      { type: ['string', 'null'], enum: ['a', null] },
    ],
    [{ $ref: '#/y', nullable: true }, { anyOf: [{ $ref: '#/y' }, { type: 'null' }] }],
    [{ oneOf: [{ $ref: '#/y' }], nullable: true }, { oneOf: [{ $ref: '#/y' }, { type: 'null' }] }],
    [{ type: 'string', nullable: false }, { type: 'string' }],
    [
      { type: 'string', example: 'a' },
      { type: 'string', examples: ['a'] },
    ],
    [
      { type: 'array', items: { type: 'integer', nullable: true } },
      { type: 'array', items: { type: ['integer', 'null'] } },
    ],
  ])('%j is %j in 3.1', (given, expected) => expect(schema(given)).toEqual(expected));

  it('leaves fields alone that are named as a keyword', () => {
    const properties = { nullable: { type: 'boolean' }, example: { type: 'string', nullable: true } };
    expect(schema({ type: 'object', properties, examples: [{}] }).properties).toEqual({
      nullable: { type: 'boolean' },
      example: { type: ['string', 'null'] },
    });
  });

  it('changes those of parameters, answers and headers too', () => {
    const nullable = { type: 'string', nullable: true };
    const { parameters, responses } = operation('get', {
      parameters: [{ name: 'a', in: 'query', schema: nullable, example: { nullable: true } }],
      responses: {
        200: {
          description: 'x',
          headers: { H: { schema: nullable } },
          content: { 'a/b': { schema: nullable } },
        },
      },
    });
    expect(parameters).toEqual([
      { name: 'a', in: 'query', schema: { type: ['string', 'null'] }, example: { nullable: true } },
    ]);
    expect(JSON.stringify(responses)).not.toContain('nullable');
  });

  it('closes what is sent, and leaves open what is answered', () => {
    const body = { content: { 'application/json': { schema: { $ref: '#/components/schemas/Sent' } } } };
    const shape = (properties: object) => ({ type: 'object', properties });
    const { schemas } = finish(
      { '/a': { post: { requestBody: body, responses: answer } } },
      {
        Sent: shape({ inner: { $ref: '#/components/schemas/Inner' } }),
        Inner: shape({}),
        Answered: shape({}),
      },
    ).components;
    expect(schemas.Sent?.additionalProperties).toBe(false);
    expect(schemas.Inner?.additionalProperties).toBe(false);
    expect(schemas.Answered?.additionalProperties).toBeUndefined();
  });
});

describe('examples', () => {
  it('show every field of an answer, as its type says', () => {
    const properties = {
      id: { type: 'string', format: 'uuid' },
      size: { type: 'integer', minimum: 3 },
      mode: { type: 'string', enum: ['a', 'b'] },
      code: { type: 'string', pattern: '^\\d{6}$' },
      archived_at: { type: ['string', 'null'], format: 'date-time' },
      self: { $ref: '#/components/schemas/X' },
    };
    expect(schema({ type: 'object', properties }).examples).toEqual([
      { id: '01981f5e-6f43-7bd1-b4a5-1f0c2a5b7c11', size: 3, mode: 'a', code: '123456', archived_at: null },
    ]);
  });

  it('show of a body what one would send', () => {
    const properties = {
      id: { type: 'string', readOnly: true },
      name: { type: 'string' },
      zone: { type: 'string', example: 'Europe/Berlin' },
      notes: { type: 'string' },
    };
    const body = { content: { 'application/json': { schema: { $ref: '#/components/schemas/Sent' } } } };
    const { schemas } = finish(
      { '/a': { post: { requestBody: body, responses: answer } } },
      { Sent: { type: 'object', required: ['name'], properties } },
    ).components;
    expect(schemas.Sent?.examples).toEqual([{ name: 'Example name', zone: 'Europe/Berlin' }]);
  });

  it('show of several rows to be created another one than of a single row, and of an answer the same', () => {
    const row = { type: 'object', required: ['name'], properties: { name: { type: 'string' } } };
    const items = { type: 'array', items: { $ref: '#/components/schemas/Row' } };
    const several = { type: 'object', required: ['items'], properties: { items } };
    const ref = (name: string) => ({
      content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } },
    });
    const post = { requestBody: ref('Several'), responses: answer };
    const sent = finish({ '/a': { post } }, { Row: row, Several: several });
    expect(sent.components.schemas.Several?.examples).toEqual([{ items: [{ name: 'Another name' }] }]);
    const get = { responses: { 200: { description: 'A page', ...ref('Several') } } };
    const shown = finish({ '/a': { get } }, { Row: row, Several: several });
    expect(shown.components.schemas.Several?.examples).toEqual([{ items: [{ name: 'Example name' }] }]);
  });
});

describe('operations', () => {
  const bearer = (scope?: string) => ({
    security: [{ bearer: scope ? [scope] : [] }],
    ...(scope ? { 'x-required-scope': scope } : {}),
  });
  const statuses = (one: Operation) => Object.keys(one.responses);

  it('tell their access in words', () => {
    expect(operation('get', bearer('msp:read')).description).toBe('Needs the scope `msp:read`.');
    expect(operation('get', { ...bearer(), description: 'Well.' }).description).toBe(
      'Well.\n\nNeeds a token; any scopes will do.',
    );
    const open = operation('get', { security: [{}] });
    expect([open.description, open.security]).toEqual(['Needs no token.', []]);
    expect(operation('get', { security: [{ bearer: [] }, {}] }).description).toMatch(/optional/);
  });

  it('have the errors that follow from what they are', () => {
    const requestBody = { content: {} };
    expect(statuses(operation('get', { security: [{}] }))).toEqual(['200', 'default']);
    expect(statuses(operation('get', bearer('msp:read')))).toEqual(['200', '403', 'default']);
    expect(statuses(operation('put', { ...bearer('msp:read'), requestBody }))).toEqual([
      '200',
      '403',
      '422',
      'default',
    ]);
    const ifMatch = { parameters: [{ name: 'If-Match', in: 'header' }] };
    expect(statuses(operation('delete', { ...bearer(), ...ifMatch }))).toEqual(['200', '412', 'default']);
  });

  it('refer to the shared errors, unless they say something of their own', () => {
    const own = { description: 'The credential was used up' };
    const { responses } = operation('get', {
      ...bearer('msp:read'),
      responses: { ...answer, 409: own, 404: {}, 429: {}, 503: own },
    });
    expect(statuses({ responses })).toEqual(['200', '403', '404', '409', '503', 'default']);
    expect(responses.default).toEqual({ $ref: '#/components/responses/Error' });
    expect(responses[404]).toEqual({ $ref: '#/components/responses/NotFound' });
    expect(responses[409]).toEqual({
      ...own,
      content: { 'application/json': { schema: { $ref: '#/components/schemas/ErrorAnswer' } } },
    });
  });

  it('take an Idempotency-Key when they post, except those with units of their own', () => {
    const names = (one: Operation) => one.parameters?.map(parameter => parameter.name);
    expect(names(operation('post', bearer('msp:write')))).toEqual(['Idempotency-Key']);
    expect(statuses(operation('post', bearer('msp:write')))).toContain('409');
    const own = operation('post', { ...bearer('msp:write'), 'x-own-units': true });
    expect(names(own)).toEqual([]);
    expect(own).not.toHaveProperty('x-own-units');
  });

  it('say a header once, and that an id is a UUID', () => {
    const parameters = [
      { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
      { name: 'if-match', in: 'header', required: true, schema: { type: 'string' } },
      { name: 'If-Match', in: 'header', required: false, schema: { type: 'string' } },
    ];
    const one = operation('put', { ...bearer(), parameters });
    expect(one.parameters).toEqual([
      { name: 'id', in: 'path', schema: { type: 'string', format: 'uuid' }, required: true },
      { name: 'If-Match', in: 'header', schema: { type: 'string' } },
    ]);
  });

  it('leave out of a parameter what it is anyway', () => {
    const schema = { type: 'array', items: { type: 'string' } };
    const one = (more: object) => ({ name: 'a', in: 'query', schema, ...more });
    const parameters = [
      one({ required: false, style: 'form', explode: true }),
      one({ required: true, style: 'form', explode: false }),
      one({ style: 'pipeDelimited', explode: true }),
    ];
    expect(operation('get', { ...bearer(), parameters }).parameters).toEqual([
      one({}),
      one({ required: true, explode: false }),
      one({ style: 'pipeDelimited', explode: true }),
    ]);
  });
});

describe('names of parameters', () => {
  const query = (name: string, more: object = {}) => ({
    name,
    in: 'query',
    schema: { type: 'string' },
    ...more,
  });
  const get = (...parameters: object[]) => ({ get: { responses: answer, parameters } });
  const namesOf = (paths: object) => Object.keys(finish(paths).components.parameters);
  const page = query('page', { 'x-shared-as': 'page' });
  const plants = {
    '/api/plants': get(query('height'), page),
    '/api/plants/export': get(query('height'), query('once')),
    '/api/plants/{id}': get({ name: 'id', in: 'path', required: true }),
  };

  it('are those that they say, or of their resource, or there is none', () => {
    expect(namesOf(plants)).toEqual(['id', 'page', 'plants.height']);
    const { paths } = finish(plants);
    expect(paths['/api/plants']?.get?.parameters).toEqual([
      { $ref: '#/components/parameters/plants.height' },
      { $ref: '#/components/parameters/page' },
    ]);
    expect(paths['/api/plants/export']?.get?.parameters).toContainEqual(query('once'));
  });

  it('do not depend on other resources', () => {
    const animals = {
      '/api/animals': get(query('height'), page),
      '/api/animals/export': get(query('height')),
    };
    const { paths } = finish({ ...plants, ...animals });
    for (const path of Object.keys(plants)) expect(paths[path]).toEqual(finish(plants).paths[path]);
    expect(namesOf({ ...animals, ...plants })).toContain('animals.height');
  });

  it('stand for one parameter each', () => {
    const other = query('page', { 'x-shared-as': 'page', required: true });
    expect(() => finish({ ...plants, '/api/animals': get(other) })).toThrow('would be page');
  });
});

describe('the order', () => {
  it('is that of the names, and of the methods as one uses them', () => {
    const route = { responses: answer, tags: ['sites'] };
    const { paths, components, tags } = finish(
      { '/b': { get: route }, '/a': { delete: route, patch: route, get: route } },
      { B: {}, A: {} },
    );
    expect(Object.keys(paths)).toEqual(['/a', '/b']);
    expect(Object.keys(paths['/a'] ?? {})).toEqual(['get', 'patch', 'delete']);
    expect(Object.keys(components.schemas)).toEqual(['A', 'B']);
    expect(tags).toEqual([{ name: 'sites', description: 'Where clients are' }]);
  });

  it('is nothing that finishing changes in what it was given', () => {
    const raw = Object.freeze({
      '/a': Object.freeze({ get: Object.freeze({ responses: Object.freeze(answer) }) }),
    });
    expect(() => finish(raw)).not.toThrow();
  });
});
