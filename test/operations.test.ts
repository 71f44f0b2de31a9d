import { type Body, startApp, type TestApp } from './app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

const post = async (path: string, given: Body, token?: string) =>
  t.http('POST', `/api/${path}`, { body: await t.body(path, given), token });

describe('ticket links', () => {
  it('take session and client from the work item, and are there once for each session', async () => {
    const item = await t.make('work-items');
    const given = { session_id: null, work_item_id: item.id, client_id: null, external_ticket_id: '4711' };
    const link = await post('ticket-links', given);
    expect(link.body).toMatchObject({ session_id: item.session_id, client_id: item.client_id });
    const again = await post('ticket-links', { ...given, session_id: item.session_id, work_item_id: null });
    expect([again.status, again.body.details.field]).toEqual([409, 'external_ticket_id']);
    const elsewhere = await post('ticket-links', { ...given, session_id: (await t.make('sessions')).id });
    expect(elsewhere.body.details.errors).toMatchObject([{ field: 'work_item_id', rule: 'session' }]);
    const nowhere = await post('ticket-links', { ...given, work_item_id: null });
    expect(nowhere.body.details.errors).toMatchObject([{ field: 'session_id', rule: 'required' }]);
  });

  it('are of a client alone, too, once for each, and keep it from being deleted', async () => {
    const client_id = (await t.make('clients')).id;
    const given = { session_id: null, client_id, external_ticket_id: '4712' };
    const link = await post('ticket-links', given);
    expect([link.status, link.body.client_id, link.body.session_id]).toEqual([201, client_id, null]);
    const again = await post('ticket-links', given);
    expect([again.status, again.body.details.field]).toEqual([409, 'external_ticket_id']);
    expect((await post('ticket-links', { ...given, system: 'syncro' })).status).toBe(201);
    expect((await post('ticket-links', { ...given, client_id: (await t.make('clients')).id })).status).toBe(
      201,
    );
    const path = `/api/ticket-links/${link.body.id}`;
    const cleared = await t.http('PATCH', path, { body: { client_id: null } });
    expect([cleared.status, cleared.body.details.field]).toEqual([422, 'session_id']);
    const session_id = (await t.make('sessions', { client_id })).id;
    expect((await t.http('PATCH', path, { body: { session_id } })).status).toBe(200);
    expect((await t.http('DELETE', `/api/clients/${client_id}`)).body.details.left_behind).toContain(
      'ticket-links',
    );
    const { body } = await t.http('GET', `/api/ticket-links/by-client/${client_id}`);
    expect(body.items).toHaveLength(2);
  });

  it('tell nothing of a link of a client that one does not see', async () => {
    const session_id = (await t.make('sessions', { client_id: null })).id;
    const client_id = (await t.make('clients')).id;
    const given = { session_id, client_id, external_ticket_id: '4713' };
    expect((await post('ticket-links', given)).status).toBe(201);
    const { token } = await t.user({ client_access: 'except', client_ids: [client_id] });
    const mine = { ...given, client_id: null };
    expect((await post('ticket-links', mine, token)).status).toBe(201);
    expect((await post('ticket-links', mine, token)).status).toBe(409);
  });

  it('tell nothing of a work item that one does not see', async () => {
    const client_id = (await t.make('clients')).id;
    const { token } = await t.user({ client_access: 'only', client_ids: [await t.client()] });
    const { id } = await t.make('work-items', { client_id });
    for (const work_item_id of [id, '01981f5e-6f43-7bd1-b4a5-1f0c2a5b7c11']) {
      const { status, body } = await post('ticket-links', { session_id: null, work_item_id }, token);
      expect([status, body.details.errors.map(one => one.field)]).toEqual([422, ['work_item_id']]);
    }
  });
});

it('the log of exchanges masks what its maps hold, and has no update', async () => {
  const headers = { authorization: 'Bearer CANARY', accept: 'text/plain' };
  const { body, text } = await post('external-integrations', {
    request: { url: 'https://x.example/?token=CANARY', headers },
    response: { access_token: 'CANARY', expires_in: 3600 },
    error_message: 'password=CANARY was refused',
  });
  expect(text).not.toContain('CANARY');
  expect(body).toMatchObject({
    request: { headers: { accept: 'text/plain' } },
    response: { expires_in: 3600 },
  });
  expect((await t.http('PATCH', `/api/external-integrations/${body.id}`, { body: {} })).status).toBe(405);
});

describe('integration credentials', () => {
  it('are written by administrators who manage the credential, and seen by those who see it', async () => {
    const owner = await t.user();
    const secret = await t.http('POST', '/api/credentials', {
      body: await t.body('credentials', { client_id: null, visibility: 'private' }),
      token: owner.token,
    });
    const given = { credential_id: secret.body.id };
    expect((await post('integration-credentials', given)).status).toBe(403);
    const row = await post('integration-credentials', given, owner.token);
    expect(row.status).toBe(201);
    const url = `/api/integration-credentials/${row.body.id}`;
    const changed = await t.http('PATCH', url, { body: { is_active: false } });
    expect(changed.status).toBe(403);
    const stranger = await t.user({ scopes: ['msp:read', 'msp:write'] });
    expect((await t.http('GET', url, { token: stranger.token })).status).toBe(404);
    expect(
      (await t.http('DELETE', `/api/credentials/${secret.body.id}`, { token: owner.token })).status,
    ).toBe(409);
    const technician = await t.user({ scopes: ['msp:read', 'msp:write'] });
    expect((await post('integration-credentials', {}, technician.token)).status).toBe(403);
  });
});

it('a backup ends after it started', async () => {
  const [started_at, finished_at] = ['2026-01-31T08:00:00.000Z', '2026-01-31T07:59:59.000Z'];
  const { body } = await post('backup-log', { started_at, finished_at });
  expect(body.details.errors).toMatchObject([{ field: 'finished_at', rule: 'order' }]);
  expect((await post('backup-log', { size_bytes: 5_000_000_000_000 })).body.size_bytes).toBe(
    5_000_000_000_000,
  );
});
