import type { Scope } from '../src/core/context/actor.js';
import { EventBus } from '../src/core/events/events.js';
import { type Answer, type Body, type Shown, startApp, type TestApp, type TestUser } from './app.js';
import { enrol } from './harness/second-factor.js';

let t: TestApp;
let owner: TestUser;
let colleague: TestUser;
let boss: TestUser;
/** What an administrator is answered who asks while there is nobody else. */
let alone: Answer;
beforeAll(async () => {
  // So many refusals are the point here.
  t = await startApp({ settings: { REFUSED_REVEAL_LIMIT: '0', MASS_REVEAL_LIMIT: '0' } });
  alone = await ask({ credential_id: (await credential({}, t.admin)).id }, t.admin);
  owner = await t.user();
  colleague = await t.user({ scopes: PLAIN });
  boss = await t.user();
});
afterAll(() => t.close());

const PLAIN: Scope[] = ['msp:read', 'msp:write'];
const SECRET = 'CANARY-approved';
const WHY = 'The mail server is down';

async function credential(given: Body = {}, by = owner): Promise<Shown> {
  const answer = await t.http('POST', '/api/credentials', {
    token: by.token,
    body: {
      credential_type: 'password',
      service_name: 'Mail',
      password: SECRET,
      reveal_policy: 'approval',
      ...given,
    },
  });
  expect([answer.status, answer.body]).toEqual([201, expect.anything()]);
  return answer.body;
}

const get = (id: string, user = owner, headers = {}) =>
  t.http('GET', `/api/credentials/${id}`, { token: user.token, headers });
const ask = (body: Body, user = owner) =>
  t.http('POST', '/api/approval-requests', { token: user.token, body: { reason: WHY, ...body } });
const act = (id: string, verb: string, user: TestUser, body: Body = {}, headers = {}) =>
  t.http('POST', `/api/approval-requests/${id}/${verb}`, { token: user.token, body, headers });

async function asked(body: Body, user = owner): Promise<Shown> {
  const answer = await ask(body, user);
  expect([answer.status, answer.body]).toEqual([201, expect.objectContaining({ status: 'pending' })]);
  return answer.body;
}
async function approved(body: Body, user = owner, by = boss): Promise<Shown> {
  const { id } = await asked(body, user);
  const answer = await act(id, 'approve', by);
  expect([answer.status, answer.body]).toEqual([200, expect.objectContaining({ status: 'approved' })]);
  return answer.body;
}
const grant = (body: Body, by = owner) =>
  t.http('POST', '/api/credential-permissions', { token: by.token, body });
const at = async (id: string, user = t.admin) =>
  (await t.http('GET', `/api/approval-requests/${id}`, { token: user.token })).body;
/** What happens after an answer, in a unit of its own. */
async function until(id: string, status: string): Promise<Shown> {
  for (let n = 0; n < 200; n++) {
    const row = await at(id);
    if (row.status === status) return row as Shown;
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  throw new Error(`The request did not become ${status}`);
}

test('a reveal is asked for, approved by another one, done once, and all of it is on the trail with names', async () => {
  const { id } = await credential();
  const refused = await get(id);
  expect(refused.status).toBe(403);
  expect(refused.body.error).toMatch(
    new RegExp(
      `approval of a second person: ask for it by POST /api/approval-requests .*${id}.*reveal=false`,
    ),
  );
  expect(refused.body.details).toMatchObject({ policy: 'approval', resource_id: id });
  expect((await get(id, owner, { 'x-opskeep-reason': WHY })).status).toBe(403);

  const told: unknown[] = [];
  t.app.get(EventBus).on('vault.approval_requested', fact => void told.push(fact));
  const request = await asked({ credential_id: id });
  expect(request).toMatchObject({
    status: 'pending',
    is_open: true,
    purpose: 'reveal',
    single_use: true,
    minutes: 60,
    requested_by: owner.id,
    requester_email: owner.email,
    target_name: 'Mail',
  });
  expect(told).toEqual([
    {
      request_id: request.id,
      credential_id: id,
      client_id: null,
      purpose: 'reveal',
      requester_id: owner.id,
      approver_ids: expect.arrayContaining([t.admin.id, boss.id]) as string[],
    },
  ]);
  expect((await get(id)).body.error).toMatch(new RegExp(`request ${request.id} waits for a decision until`));
  const { status, body } = await act(request.id, 'approve', boss, { note: 'Go ahead' });
  expect([status, body]).toMatchObject([200, { status: 'approved', decided_by: boss.id, note: 'Go ahead' }]);
  expect(Date.parse(String(body.expires_at)) - Date.parse(String(body.decided_at))).toBeLessThan(3_601_000);

  expect((await get(id)).body.password).toBe(SECRET);
  expect(await at(request.id)).toMatchObject({ status: 'used', uses: 1, is_open: false });
  expect((await get(id)).status).toBe(403);

  const logs = await t.http('GET', `/api/credential-audit-logs/by-credential/${id}`, { token: owner.token });
  const entries = logs.body.items as unknown as { action: string; outcome: string; details: Body }[];
  const steps = entries.filter(one => one.action === 'approval').map(one => one.details);
  expect(steps.map(one => one.step)).toEqual(['use', 'approve', 'request']);
  expect(steps[0]).toMatchObject({ requester: owner.email, decider: boss.email, reason: WHY });
  expect(entries.find(one => one.action === 'decrypt' && one.outcome === 'ok')?.details).toMatchObject({
    approval_id: request.id,
    approved_by: boss.email,
  });
  expect(entries.filter(one => one.outcome === 'refused').length).toBeGreaterThan(0);
});

test('on every way to a secret', async () => {
  const { id } = await credential({ visibility: 'pool', totp_secret: 'JBSWY3DPEHPK3PXP' });
  const ways: [string, string, object?][] = [
    ['GET', `/api/credentials/${id}`],
    ['GET', `/credentials/${id}`],
    ['GET', `/creds/${id}`],
    ['GET', `/api/credentials/${id}/otp`],
    ['GET', `/v1/secret/data/pool/${id}`],
    ['POST', `/api/credentials/${id}/reveal`, { reason: WHY }],
    ['POST', `/api/credentials/${id}/versions/1/reveal`, { reason: WHY }],
    ['POST', `/api/credentials/${id}/rotate`, { reveal: true }],
  ];
  const send = ([method, path, body]: (typeof ways)[number]) =>
    t.http(method, path, { token: owner.token, body });
  for (const way of ways) {
    const refused = await send(way);
    expect([way, refused.status, refused.text]).toEqual([way, 403, expect.stringContaining('second person')]);
    const { id: request } = await approved({ credential_id: id });
    expect([way, (await send(way)).status]).toEqual([way, 200]);
    expect([way, (await at(request)).status]).toEqual([way, 'used']);
    expect([way, (await send(way)).status]).toEqual([way, 403]);
  }
  // Each of a bulk is judged by itself.
  const open = await credential({ reveal_policy: 'open' });
  await approved({ credential_id: id });
  const other = await credential();
  const body = { ids: [open.id, other.id, id], reason: WHY };
  const { results } = (await t.http('POST', '/api/credentials/reveal', { token: owner.token, body })).body;
  expect(results).toMatchObject([{ status: 200 }, { status: 403 }, { status: 200 }]);
  expect(JSON.stringify(results)).toContain('second person');
});

test('the client’s counts as the credential’s, and where one of both asks for a code, that is asked for as well', async () => {
  const factor = await enrol(t, boss);
  const client_id = (await t.make('clients', { reveal_policy: 'approval' })).id;
  const plain = await credential({ client_id, reveal_policy: 'open' }, boss);
  expect((await get(plain.id, boss)).status).toBe(403);
  const { id } = await credential({ client_id, reveal_policy: 'otp' }, boss);
  const code = async () => ({ 'x-opskeep-otp': await factor.code() });
  expect((await get(id, boss, await code())).body.details).toMatchObject({ policy: 'approval' });
  const request = await approved({ credential_id: id }, boss, owner);
  expect((await get(id, boss)).body.details).toMatchObject({ policy: 'otp', header: 'X-Opskeep-Otp' });
  expect((await get(id, boss, { 'x-opskeep-otp': factor.wrong() })).status).toBe(403);
  expect(await at(request.id)).toMatchObject({ status: 'approved' });
  expect((await get(id, boss, await code())).body.password).toBe(SECRET);
  // Who decides with a second factor brings a code of it.
  const { id: waiting } = await asked({ credential_id: (await credential()).id });
  const bare = await act(waiting, 'approve', boss);
  expect([bare.status, bare.body.details]).toMatchObject([403, { header: 'X-Opskeep-Otp' }]);
  expect((await act(waiting, 'approve', boss, {}, await code())).status).toBe(200);
  boss = await t.user();
});

describe('nobody approves their own', () => {
  const denied = async (answer: Promise<Answer>, what: RegExp) => {
    const { status, body } = await answer;
    expect([status, body.error]).toEqual([403, expect.stringMatching(what)]);
  };

  test('neither in person, nor by a token, nor by an account of their making', async () => {
    const { id } = await credential({ visibility: 'pool' });
    const request = await asked({ credential_id: id });
    await denied(act(request.id, 'approve', owner), /of their own/);
    await denied(act(request.id, 'refuse', owner, { note: 'For fun' }), /of their own/);
    const token = (await t.http('POST', '/api/access-tokens', { token: owner.token, body: { name: 'x', scopes: PLAIN } })).body.token as unknown as string; // prettier-ignore
    await denied(act(request.id, 'approve', { ...owner, token }), /access tokens/);
    const made = async (by: TestUser) => {
      const body = await t.body('users', { scopes: ['msp:read', 'msp:write', 'msp:admin'] });
      const { status, body: user } = await t.http('POST', '/api/users', { token: by.token, body });
      expect(status).toBe(201);
      return { ...owner, id: user.id, token: await t.login(String(body.email)) };
    };
    const puppet = await made(owner);
    await denied(act(request.id, 'approve', puppet), /30 days/);
    await denied(act(request.id, 'approve', await made(puppet)), /30 days/);
    const taken = await t.user();
    await t.http('PATCH', `/api/users/${taken.id}`, {
      token: owner.token,
      body: { password: 'CANARY quiet lantern 72 orbit' },
    });
    await denied(act(request.id, 'approve', { ...taken, token: await t.login(taken.email) }), /30 days/);
    expect((await at(request.id)).status).toBe('pending');
    // An account that somebody else has made does.
    expect((await act(request.id, 'approve', await made(boss))).status).toBe(200);
  });

  test('nor by who neither manages nor is an administrator', async () => {
    const { id } = await credential();
    const request = await asked({ credential_id: id });
    expect((await act(request.id, 'approve', colleague)).status).toBe(404);
    await grant({ credential_id: id, user_id: colleague.id, level: 'reveal' });
    expect((await act(request.id, 'approve', colleague)).status).toBe(404);
    await grant({ credential_id: id, user_id: colleague.id, level: 'manage' });
    expect((await act(request.id, 'approve', colleague)).status).toBe(200);
    const client_id = (await t.make('clients')).id;
    const theirs = await asked({ credential_id: (await credential({ client_id })).id });
    const fenced = await t.user({ client_access: 'except', client_ids: [client_id] });
    expect((await act(theirs.id, 'approve', fenced)).status).toBe(404);
  });

  test('who is the only one who manages is told so', () => {
    expect([alone.status, alone.body.error]).toEqual([
      409,
      expect.stringMatching(/Nobody else could approve/),
    ]);
  });
});

test('of 50 reveals at once by an approval for one time, one succeeds', async () => {
  const { id } = await credential();
  const request = await approved({ credential_id: id });
  const answers = await Promise.all(Array.from({ length: 50 }, () => get(id)));
  expect(answers.map(one => one.status).sort()).toEqual([200, ...Array.from({ length: 49 }, () => 403)]);
  expect(await at(request.id)).toMatchObject({ status: 'used', uses: 1 });
  const opened = await t.sql(
    "SELECT id FROM journal WHERE action = 'credential.decrypt' AND outcome = 'ok' AND resource_id = ?",
    [id],
  );
  expect(opened).toHaveLength(1);
});

test('one that is not for one time opens until its end, and for its requester alone', async () => {
  const { id } = await credential();
  await grant({ credential_id: id, user_id: colleague.id, level: 'reveal' });
  const request = await approved({ credential_id: id, single_use: false, minutes: 5 });
  for (let n = 0; n < 3; n++) expect((await get(id)).status).toBe(200);
  expect(await at(request.id)).toMatchObject({ status: 'approved', uses: 3 });
  expect((await get(id, colleague)).status).toBe(403);
  await t.change('UPDATE approval_requests SET expires_at = ? WHERE id = ?', ['2020-01-01 00:00:00.000', request.id]); // prettier-ignore
  expect((await get(id)).status).toBe(403);
  expect(await at(request.id)).toMatchObject({ is_open: false });
  expect((await act(request.id, 'revoke', boss)).status).toBe(409);
});

test('an access token uses what it has asked for itself, and nobody else does', async () => {
  const { id } = await credential();
  const body = { name: 'helper', scopes: PLAIN, credential_ids: [id], actions: ['reveal'] };
  const made = await t.http('POST', '/api/access-tokens', { token: owner.token, body });
  const helper = { ...owner, token: made.body.token as unknown as string };
  await approved({ credential_id: id });
  expect((await get(id, helper)).status).toBe(403);
  const request = await approved({ credential_id: id }, helper);
  expect(request.token_id).toBe(made.body.id);
  expect((await get(id, helper)).body.password).toBe(SECRET);
  expect((await get(id, helper)).status).toBe(403);
  const other = await t.http('POST', '/api/access-tokens', {
    token: owner.token,
    body: { ...body, actions: [] },
  });
  const blind = { ...owner, token: other.body.token as unknown as string };
  expect((await ask({ credential_id: id }, blind)).status).toBe(403);
});

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
});
