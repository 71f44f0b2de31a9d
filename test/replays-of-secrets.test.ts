import { randomUUID } from 'node:crypto';
import { Controller, Param, Post } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { RequireScope } from '../src/core/http/access.decorators.js';
import { IdPipe } from '../src/core/http/pipes/id.pipe.js';
import { RevealService } from '../src/vault/credentials/reveal/reveal.service.js';
import { startApp, type TestApp } from './app.js';

describe('an answer with a secret in it', () => {
  /** As an action will that hands a secret over in the answer of its change. */
  @Controller('api/hand-over')
  class HandOver {
    constructor(private readonly modules: ModuleRef) {}

    @Post(':id')
    @RequireScope('msp:write')
    post(@Param('id', new IdPipe()) id: string) {
      return this.modules.get(RevealService, { strict: false }).reveal(id, 'handing over');
    }
  }

  let t: TestApp;
  beforeAll(async () => {
    t = await startApp({ controllers: [HandOver] });
  });
  afterAll(() => t.close());

  test('is on the record each time it is given, and is not given to who may not reveal it any more', async () => {
    const { id } = await t.make('credentials', { password: 'CANARY handed over' });
    const user = await t.user({ scopes: ['msp:read', 'msp:write'] });
    const body = { credential_id: id, user_id: user.id, level: 'reveal' };
    const grant = (await t.http('POST', '/api/credential-permissions', { body })).body.id;
    const headers = { 'idempotency-key': randomUUID() };
    const send = () => t.http('POST', `/api/hand-over/${id}`, { token: user.token, headers });
    const first = await send();
    const again = await send();
    expect(first.text).toContain('CANARY handed over');
    expect([again.text, again.headers['idempotency-replayed']]).toEqual([first.text, 'true']);
    for (const answer of [first, again])
      expect(
        await t.sql('SELECT outcome FROM journal WHERE request_id = ?', [
          answer.headers['x-request-id'] ?? '',
        ]),
      ).toEqual([{ outcome: 'ok' }]);
    const path = `/api/credential-permissions/${grant}`;
    expect((await t.http('PATCH', path, { body: { level: 'view' } })).status).toBe(200);
    const refused = await send();
    expect([refused.status, refused.headers['idempotency-replayed']]).toEqual([403, undefined]);
    expect(refused.text).not.toContain('CANARY');
    expect((await t.http('DELETE', path)).status).toBe(204);
    expect((await send()).status).toBe(404);
  });
});
