import { Body, Controller, Get, Post, Query, Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { v7 as uuidv7 } from 'uuid';
import { Authenticated, Public, RequireScope } from '../src/core/http/access.decorators.js';
import { loadSettings } from '../src/core/config/load-settings.js';
import { Logger } from '../src/core/context/logger.js';
import { BodyPipe } from '../src/core/http/pipes/body.pipe.js';
import { startApp, type TestApp } from './app.js';
import { freshDatabase } from './harness/database.js';
import { createWith } from './harness/create-with.js';

class Anything {}

@Controller('api/undeclared')
class Undeclared {
  @Get()
  get(): string {
    return 'CANARY';
  }
}

@Controller('api/unchecked')
class Unchecked {
  @Post()
  @Public()
  post(@Body() body: Anything): unknown {
    return body;
  }
}

@Controller('api/sound')
class Sound {
  @Post()
  @Public()
  post(@Body(new BodyPipe(Anything)) body: Anything): unknown {
    return body;
  }
}

/** The application with one more controller; throws what the start throws. */
async function withController<T>(
  controller: Type,
  use: (app: NestFastifyApplication, lines: string[]) => Promise<T>,
): Promise<T> {
  const fresh = await freshDatabase();
  const { settings } = loadSettings({
    NODE_ENV: 'test', OPSKEEP_DATA: fresh.data, DATABASE_URL: fresh.url, KEYSTORE_DATABASE_URL: fresh.keystoreUrl,
    LOG_FORMAT: 'json', LOG_LEVEL: 'trace',
  }, fresh.data); // prettier-ignore
  const lines: string[] = [];
  const logger = Logger.create(settings, { write: line => void lines.push(line) });
  try {
    const { app, opened } = await createWith(settings, logger, { controllers: [controller] });
    try {
      return await use(app, lines);
    } finally {
      await app.close();
      await opened.close();
    }
  } finally {
    await fresh.drop();
  }
}

describe('an application does not start', () => {
  const started = () => Promise.resolve('started');

  test('with a route that declares no access', async () => {
    await expect(withController(Undeclared, started)).rejects.toThrow('Undeclared.get declares no access');
  });

  test('with a body that nothing validates', async () => {
    const start = withController(Unchecked, started);
    await expect(start).rejects.toThrow('Unchecked.post has a body that nothing validates');
  });

  test('with a body whose class got lost', () => {
    expect(() => new BodyPipe(undefined as never)).toThrow('class of its own');
    expect(() => new BodyPipe(Object)).toThrow('class of its own');
  });

  test('but with both declared it does', async () => {
    await expect(withController(Sound, started)).resolves.toBe('started');
  });
});

describe('a fault of ours', () => {
  @Controller('api/faulty')
  class Faulty {
    @Get()
    @Public()
    get(@Query('secret') _secret: string): never {
      throw Object.assign(new Error("CANARY inside, Duplicate entry 'CANARY value' for key"), {
        sql: 'INSERT CANARY statement',
      });
    }
    @Get('text')
    @Public()
    text(): never {
      // eslint-disable-next-line @typescript-eslint/only-throw-error
      throw 'CANARY text';
    }
    @Get('scope')
    @RequireScope('msp:admin')
    scope(): string {
      return 'CANARY';
    }
    @Get('any')
    @Authenticated()
    any(): string {
      return 'CANARY';
    }
  }

  test('is answered with nothing of the inside, and logged under the request id without values', async () => {
    await withController(Faulty, async (app, lines) => {
      const id = uuidv7();
      const answer = await app.inject({ url: '/api/faulty?secret=CANARY', headers: { 'x-request-id': id } });
      const request_id = answer.headers['x-request-id'];
      expect(answer.statusCode).toBe(500);
      expect(answer.json()).toEqual({
        error: 'Something went wrong on the server',
        code: 'internal',
        details: { errors: [] },
        path: '/api/faulty',
        request_id,
      });
      expect(request_id).not.toBe(id);
      const line = lines
        .map(one => JSON.parse(one) as Record<string, unknown>)
        .find(one => one.request_id === request_id);
      expect(line).toMatchObject({ client_request_id: id });
      expect(JSON.stringify(line)).toContain('CANARY inside');
      expect(lines.join()).not.toContain('CANARY value');
      expect(lines.join()).not.toContain('CANARY statement');
      const text = await app.inject('/api/faulty/text');
      expect([text.statusCode, text.payload.includes('CANARY')]).toEqual([500, false]);
      for (const path of ['scope', 'any'])
        expect((await app.inject(`/api/faulty/${path}`)).statusCode).toBe(401);
    });
  });
});

describe('the routes', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp();
  });
  afterAll(() => t.close());

  /** What test/proofs/refusals asks of every route of the document. */
  test('outside of the document ask for a token, or are not there', async () => {
    const answers = ['/credentials/x', '/creds/x', '/metrics', '/api/docs-none'].map(
      async path =>
      (await t.http('GET', path, { token: null })).status, // prettier-ignore
    );
    expect(await Promise.all(answers)).toEqual([401, 401, 404, 404]);
  });

  test('that need a token look at it before they look at the body', async () => {
    const answer = await t.http('POST', '/api/clients', { token: null, body: { nonsense: true } });
    expect(answer.status).toBe(401);
  });

  test('send security headers, on errors as well', async () => {
    for (const path of ['/health', '/api/clients', '/api/none', '/api/openapi.json']) {
      const { headers } = await t.http('GET', path, { token: null });
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'SAMEORIGIN',
        'referrer-policy': 'no-referrer',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      });
      expect(headers['x-powered-by']).toBeUndefined();
      expect(headers.server).toBeUndefined();
    }
    expect((await t.http('GET', '/api/none')).headers['cache-control']).toBe('no-store');
  });

  test('have an id of ours each; one of the client is kept beside it when it is sensible', async () => {
    const ours = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;
    const ask = (id: string, path = '/api/none') => t.http('GET', path, { headers: { 'x-request-id': id } });
    const seen = new Set<string>();
    for (const path of ['/api/none', '/api/clients', '/health', '/api/%']) {
      const { headers, body } = await ask('canary-1.2:3', path);
      expect([path, headers['x-client-request-id']]).toEqual([path, 'canary-1.2:3']);
      expect(headers['x-request-id']).toMatch(ours);
      if (path === '/api/none') expect(body.request_id).toBe(headers['x-request-id']);
      seen.add(headers['x-request-id'] ?? '');
    }
    expect(seen.size).toBe(4);
    for (const odd of ['', 'a b', '<script>', 'x'.repeat(101), 'a\tb']) {
      const made = await ask(odd);
      expect(made.headers['x-client-request-id']).toBeUndefined();
      expect(made.headers['x-request-id']).toMatch(ours);
      expect(made.body.request_id).toBe(made.headers['x-request-id']);
    }
  });

  test('say which methods they have', async () => {
    const wrong = await t.http('DELETE', '/api/clients');
    expect(wrong.status).toBe(405);
    expect(wrong.headers.allow?.split(', ')).toEqual(expect.arrayContaining(['GET', 'HEAD', 'POST']));
    expect(wrong.body.code).toBe('method_not_allowed');
    const item = await t.http('POST', `/api/clients/${uuidv7()}`);
    expect(item.status).toBe(405);
    expect(item.headers.allow?.split(', ')).toEqual(
      expect.arrayContaining(['DELETE', 'GET', 'PATCH', 'PUT']),
    );
    expect((await t.http('TRACE', '/api/clients')).status).toBeGreaterThanOrEqual(400);
    expect((await t.http('GET', '/api/clients/')).status).toBeGreaterThanOrEqual(400);
    expect((await t.http('GET', '/API/clients')).status).toBe(404);
    expect((await t.http('GET', '//api/clients', { token: null })).status).toBe(404);
  });

  test('answer HEAD as GET without a body, and with the same guard', async () => {
    const head = await t.http('HEAD', '/api/clients');
    expect([head.status, head.text]).toEqual([200, '']);
    expect((await t.http('HEAD', '/api/clients', { token: null })).status).toBe(401);
  });

  test.each([
    ['a field that pollutes', '{"__proto__":{"admin":true},"name":"x"}', 422],
    ['a level too deep', `${'['.repeat(30)}${']'.repeat(30)}`, 422],
    ['a NUL', '{"name":"a\\u0000b"}', 422],
    ['half a surrogate', '{"name":"a\\ud800"}', 422],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), 422],
    ['a text', '"x"', 422],
    ['an array', '[{"name":"x"}]', 422],
    ['nothing', '', 422],
    ['more than a MiB', JSON.stringify({ name: 'x'.repeat(1024 * 1024) }), 413],
  ])('refuse a body with %s', async (_, body, status) => {
    const answer = await t.http('POST', '/api/clients', { body });
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ path: '/api/clients', request_id: expect.any(String) as string });
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  test('tell of the first 20 faults of a body, and of a query', async () => {
    const names = Array.from({ length: 150 }, (_, n) => `f${n}`);
    const unknown = Object.fromEntries(names.map(name => [name, 1]));
    const answers = [
      await t.http('POST', '/api/clients', { body: unknown }),
      await t.http('GET', '/api/clients', { query: { sort: names.join() } }),
    ];
    for (const { status, body } of answers) expect([status, body.details.errors.length]).toEqual([422, 20]);
  });

  test.each(['/api/clients', '/api/auth/login'])(
    'take 16 KiB for %s from whoever shows no token',
    async path => {
      const send = (length: number, token: string | null | undefined) =>
        t.http('POST', path, { body: `{"name":"${'x'.repeat(length)}"}`, token });
      const answer = await send(17_000, null);
      expect([answer.status, answer.body.code]).toEqual([413, 'too_large']);
      expect((await send(16_000, null)).status).not.toBe(413);
      expect((await send(17_000, undefined)).status).toBe(422);
    },
  );

  test.each(['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data'])(
    'refuse a body of the type %s',
    async type => {
      const answer = await t.http('POST', '/api/clients', {
        body: 'name=x',
        headers: { 'content-type': type },
      });
      expect(answer.status).toBe(415);
      expect(answer.body.code).toBe('unsupported_media_type');
    },
  );

  test('answer no page of another origin, and no preflight', async () => {
    const headers = { origin: 'https://evil.canary.test', 'access-control-request-method': 'GET' };
    const preflight = await t.http('OPTIONS', '/api/clients', { token: null, headers });
    expect(preflight.headers['access-control-allow-origin']).toBeUndefined();
    expect(preflight.status).toBeGreaterThanOrEqual(200);
    expect(preflight.status).toBeLessThan(500);
    const answer = await t.http('GET', '/health', { headers });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('with CORS_ORIGINS', () => {
  test('the origins that are named may use every method, others none', async () => {
    const t = await startApp({
      settings: { CORS_ORIGINS: 'https://tools.canary.test, http://localhost:5173' },
    });
    try {
      const preflight = (origin: string) =>
        t.http('OPTIONS', '/api/clients', {
          token: null,
          headers: {
            origin,
            'access-control-request-method': 'PATCH',
            'access-control-request-headers': 'authorization',
          },
        });
      const allowed = await preflight('https://tools.canary.test');
      expect(allowed.status).toBe(204);
      expect(allowed.headers['access-control-allow-origin']).toBe('https://tools.canary.test');
      expect(allowed.headers['access-control-allow-methods']).toContain('PATCH');
      expect(allowed.headers['access-control-allow-credentials']).toBeUndefined();
      for (const origin of ['https://evil.test', 'https://tools.canary.test.evil.test', 'null'])
        expect((await preflight(origin)).headers['access-control-allow-origin']).toBeUndefined();
      const answer = await t.http('GET', '/api/clients', { headers: { origin: 'http://localhost:5173' } });
      expect(answer.headers['access-control-allow-origin']).toBe('http://localhost:5173');
      expect(answer.headers['access-control-expose-headers']).toContain('etag');
    } finally {
      await t.close();
    }
  });
});
