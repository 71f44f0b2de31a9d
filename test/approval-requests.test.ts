import { type Body, startApp, type TestApp, type TestUser } from './app.js';
import { type Approving, approvingOf, type People, PLAIN } from './harness/approving.js';
import { enrol } from './harness/second-factor.js';

let t: TestApp;
let people: People;
let owner: TestUser;
let colleague: TestUser;
let boss: TestUser;
let credential: Approving['credential'];
let get: Approving['get'];
let ask: Approving['ask'];
let act: Approving['act'];
let asked: Approving['asked'];
let approved: Approving['approved'];
let grant: Approving['grant'];
let at: Approving['at'];
let until: Approving['until'];
beforeAll(async () => {
  // So many refusals are the point here.
  t = await startApp({ settings: { REFUSED_REVEAL_LIMIT: '0', MASS_REVEAL_LIMIT: '0' } });
  owner = await t.user();
  colleague = await t.user({ scopes: PLAIN });
  boss = await t.user();
  people = { owner, boss };
  ({ credential, get, ask, act, asked, approved, grant, at, until } = approvingOf(t, people));
});
afterAll(() => t.close());

describe('a request', () => {
  test('is refused with a note, withdrawn, revoked, or ends', async () => {
    const { id } = await credential();
    const first = await asked({ credential_id: id });
    const twice = await ask({ credential_id: id });
    expect([twice.status, twice.body.details]).toMatchObject([409, { resource_id: first.id }]);
    expect((await act(first.id, 'refuse', boss)).status).toBe(422);
    expect((await act(first.id, 'refuse', boss, { note: 'Not today' })).body).toMatchObject({
      status: 'refused',
      note: 'Not today',
    });
    for (const verb of ['approve', 'revoke'])
      expect([verb, (await act(first.id, verb, boss)).status]).toEqual([verb, 409]);
    expect((await get(id)).status).toBe(403);

    const second = await approved({ credential_id: id });
    expect((await act(second.id, 'withdraw', boss)).status).toBe(403);
    expect((await act(second.id, 'withdraw', owner)).body.status).toBe('withdrawn');
    expect((await get(id)).status).toBe(403);

    const third = await approved({ credential_id: id });
    expect((await act(third.id, 'revoke', owner)).status).toBe(403);
    expect((await act(third.id, 'revoke', t.admin)).body.status).toBe('revoked');
    expect((await get(id)).status).toBe(403);

    const fourth = await asked({ credential_id: id });
    await t.change('UPDATE approval_requests SET expires_at = ? WHERE id = ?', ['2020-01-01 00:00:00.000', fourth.id]); // prettier-ignore
    expect((await act(fourth.id, 'approve', boss)).status).toBe(409);
    expect((await ask({ credential_id: id })).status).toBe(201);
  });

  test('takes the right that it is for', async () => {
    const { id } = await credential();
    expect((await ask({ credential_id: id }, colleague)).status).toBe(422);
    await grant({ credential_id: id, user_id: colleague.id, level: 'view' });
    expect((await ask({ credential_id: id }, colleague)).status).toBe(403);
    await grant({ credential_id: id, user_id: colleague.id, level: 'reveal' });
    expect((await ask({ credential_id: id, purpose: 'loosen' }, colleague)).status).toBe(403);
    const client_id = (await t.make('clients', { reveal_policy: 'approval' })).id;
    for (const body of [
      {},
      { credential_id: id, client_id, purpose: 'loosen' },
      { client_id, purpose: 'reveal' },
      { credential_id: id, reason: ' ' },
      { credential_id: id, minutes: 1441 },
      { credential_id: id, status: 'approved' },
      { credential_id: id, decided_by: boss.id },
    ])
      expect([body, (await ask(body)).status]).toEqual([body, 422]);
  });

  test('is seen by who has asked and who may decide', async () => {
    const client_id = (await t.make('clients')).id;
    const { id } = await credential({ client_id });
    const request = await asked({ credential_id: id });
    const list = async (user: TestUser, query = {}) =>
      (await t.http('GET', '/api/approval-requests', { token: user.token, query })).body.items.map(
        one => one.id,
      );
    const fenced = await t.user({ client_access: 'only', client_ids: [] });
    const manager = await t.user({ scopes: PLAIN });
    await grant({ client_id, user_id: manager.id, level: 'manage' }, t.admin);
    const viewer = await t.user({ scopes: PLAIN });
    await grant({ client_id, user_id: viewer.id, level: 'reveal' }, t.admin);
    expect(await list(owner)).toContain(request.id);
    expect(await list(owner, { to_decide: 'true' })).not.toContain(request.id);
    for (const user of [boss, manager]) expect(await list(user, { to_decide: 'true' })).toContain(request.id);
    for (const user of [fenced, viewer]) {
      expect(await list(user)).not.toContain(request.id);
      expect(await at(request.id, user)).toMatchObject({ code: 'not_found' });
    }
    await act(request.id, 'refuse', manager, { note: 'Not today' });
    expect(await list(boss, { to_decide: 'true' })).not.toContain(request.id);
    expect(await list(boss, { is_open: 'true' })).not.toContain(request.id);
    expect(await list(owner, { status: 'refused' })).toContain(request.id);
  });
});

describe('an approval ends', () => {
  test('when its requester loses the right, and does not come back with it', async () => {
    const { id } = await credential();
    const given = { credential_id: id, user_id: colleague.id, level: 'reveal' };
    const permission = await grant(given);
    const request = await approved({ credential_id: id }, colleague, owner);
    await t.http('PATCH', `/api/credential-permissions/${permission.body.id}`, {
      token: owner.token,
      body: { level: 'view' },
    });
    await grant(given);
    expect(await at(request.id)).toMatchObject({
      status: 'ended',
      ended_because: expect.any(String) as string,
    });
    expect((await get(id, colleague)).status).toBe(403);
    await approved({ credential_id: id }, colleague, owner);
    await t.http('DELETE', `/api/credential-permissions/${permission.body.id}`, { token: owner.token });
    await grant(given);
    expect((await get(id, colleague)).status).toBe(403);
  });

  test('when its requester is disabled', async () => {
    const user = await t.user({ scopes: PLAIN });
    const { id } = await credential();
    await grant({ credential_id: id, user_id: user.id, level: 'reveal' });
    const request = await approved({ credential_id: id }, user, owner);
    const change = (is_active: boolean) => t.http('PATCH', `/api/users/${user.id}`, { body: { is_active } });
    await change(false);
    await until(request.id, 'ended');
    await change(true);
    expect((await get(id, { ...user, token: await t.login(user.email) })).status).toBe(403);
  });

  test('when the credential moves', async () => {
    const { id } = await credential({ client_id: (await t.make('clients')).id });
    const client_id = (await t.make('clients')).id;
    const waiting = await asked({ credential_id: id, purpose: 'loosen' });
    const request = await approved({ credential_id: id });
    const move = await t.http('PATCH', `/api/credentials/${id}`, { token: owner.token, body: { client_id } });
    expect(move.status).toBe(200);
    for (const one of [waiting, request]) expect((await at(one.id)).status).toBe('ended');
    expect((await get(id)).status).toBe(403);
  });

  test('when who gave it could not give it any more', async () => {
    for (const body of [{ is_active: false }, { scopes: PLAIN }, { client_access: 'only', client_ids: [] }]) {
      const approver = await t.user();
      const { id } = await credential();
      await approved({ credential_id: id }, owner, approver);
      await t.http('PATCH', `/api/users/${approver.id}`, { body });
      expect([body, (await get(id)).status]).toEqual([body, 403]);
    }
  });
});

describe('loosening', () => {
  test('a credential takes an approval for that, once', async () => {
    const { id } = await credential();
    const patch = (body: Body) => t.http('PATCH', `/api/credentials/${id}`, { token: owner.token, body });
    await approved({ credential_id: id });
    const refused = await patch({ reveal_policy: 'otp' });
    expect([refused.status, refused.body.error]).toEqual([
      403,
      expect.stringContaining('"purpose": "loosen"'),
    ]);
    const request = await approved({ credential_id: id, purpose: 'loosen' });
    expect((await get(id)).status).toBe(200);
    expect((await get(id)).status).toBe(403);
    expect((await patch({ reveal_policy: 'open' })).status).toBe(200);
    expect(await at(request.id)).toMatchObject({ status: 'used' });
    expect((await patch({ reveal_policy: 'approval' })).status).toBe(200);
    expect((await patch({ reveal_policy: 'open' })).status).toBe(403);
  });

  test('a client as well; leaving a strict client is loosening', async () => {
    const client_id = (await t.make('clients', { reveal_policy: 'approval' })).id;
    const { id } = await credential({ client_id, reveal_policy: 'open' });
    const leave = () => t.http('PATCH', `/api/credentials/${id}`, { token: owner.token, body: { client_id: null, visibility: 'pool' } }); // prettier-ignore
    expect((await leave()).status).toBe(403);
    await approved({ credential_id: id, purpose: 'loosen' });
    expect((await leave()).status).toBe(200);
    const loosen = () => t.http('PATCH', `/api/clients/${client_id}`, { token: owner.token, body: { reveal_policy: 'reason' } }); // prettier-ignore
    expect((await loosen()).body.error).toMatch(/POST \/api\/approval-requests \{"client_id"/);
    const request = await approved({ client_id });
    expect(request.target_name).toMatch(/^client-/);
    expect((await loosen()).status).toBe(200);
    expect(await at(request.id)).toMatchObject({ status: 'used' });
  });

  test('is also an approval in the place of a code, which is asked for', async () => {
    const user = await t.user();
    const factor = await enrol(t, user);
    const strict = (await t.make('clients', { reveal_policy: 'otp' })).id;
    const other = (await t.make('clients', { reveal_policy: 'approval' })).id;
    const own = await credential({ reveal_policy: 'otp' }, user);
    const moving = await credential({ client_id: strict, reveal_policy: 'open' }, user);
    for (const [path, body] of [
      [`credentials/${own.id}`, { reveal_policy: 'approval' }],
      [`credentials/${moving.id}`, { client_id: other }],
      [`clients/${strict}`, { reveal_policy: 'approval' }],
    ] as const) {
      const patch = (headers = {}) => t.http('PATCH', `/api/${path}`, { token: user.token, body, headers });
      const bare = await patch();
      expect([bare.status, bare.body.details]).toMatchObject([403, { policy: 'otp' }]);
      expect((await patch({ 'x-opskeep-otp': await factor.code() })).status).toBe(200);
    }
  });
});
