import { UsersService } from '../src/core/access/users.service.js';
import { systemActor } from '../src/core/context/actor.js';
import { runAs } from '../src/core/context/request-context.js';
import { EventBus } from '../src/core/events/events.js';
import { type Answer, type Body, startApp, type TestApp, type TestUser } from './app.js';
import { type Approving, approvingOf, type People, PLAIN, SECRET, WHY } from './harness/approving.js';
import { enrol } from './harness/second-factor.js';

let t: TestApp;
let people: People;
let owner: TestUser;
let colleague: TestUser;
let boss: TestUser;
/** What an administrator is answered who asks while there is nobody else but who was made by the same one. */
let alone: Answer;
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
  await made(await made(t.admin));
  const first = approvingOf(t, { owner: t.admin, boss: t.admin });
  alone = await first.ask({ credential_id: (await first.credential()).id });
  owner = await t.user();
  colleague = await t.user({ scopes: PLAIN });
  boss = await t.user();
  people = { owner, boss };
  ({ credential, get, ask, act, asked, approved, grant, at, until } = approvingOf(t, people));
});
afterAll(() => t.close());

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
  people.boss = boss = await t.user();
});

/** An administrator whose account this one makes. */
async function made(by: TestUser): Promise<TestUser> {
  const body = await t.body('users', { scopes: ['msp:read', 'msp:write', 'msp:admin'] });
  const { status, body: user } = await t.http('POST', '/api/users', { token: by.token, body });
  expect(status).toBe(201);
  const email = String(body.email);
  return { ...t.admin, id: user.id, email, token: await t.login(email) };
}

/** The account of somebody else as this one has it who sets its password. */
async function taken(user: TestUser, by: TestUser): Promise<TestUser> {
  const body = { password: 'CANARY quiet lantern 72 orbit' };
  expect((await t.http('PATCH', `/api/users/${user.id}`, { token: by.token, body })).status).toBe(200);
  return { ...user, token: await t.login(user.email) };
}

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
    const puppet = await made(owner);
    await denied(act(request.id, 'approve', puppet), /30 days/);
    await denied(act(request.id, 'approve', await made(puppet)), /30 days/);
    await denied(act(request.id, 'approve', await taken(await t.user(), owner)), /30 days/);
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

describe('one administrator alone passes no approval', () => {
  const refusedTo = async (by: TestUser, request: { id: string }) => {
    const { status, body } = await act(request.id, 'approve', by);
    expect([status, body.error]).toEqual([403, expect.stringMatching(/One hand may be behind both/)]);
  };

  test('neither of an account of their making, nor of one of theirs by another', async () => {
    const { id } = await credential({ visibility: 'pool' });
    const [one, other] = [await made(boss), await made(boss)];
    const request = await asked({ credential_id: id }, one);
    await refusedTo(boss, request);
    await refusedTo(other, request);
    await refusedTo(await made(one), request);
    const toDecide = async ({ token }: TestUser) =>
      (await t.http('GET', '/api/approval-requests', { token, query: { to_decide: true } })).body.items.map(
        item => item.id,
      );
    for (const user of [boss, other]) expect(await toDecide(user)).not.toContain(request.id);
    const csv = await t.http('GET', '/api/approval-requests/export', {
      token: boss.token,
      query: { to_decide: true },
    });
    expect([csv.status, csv.text.includes(request.id)]).toEqual([200, false]);
    expect(await toDecide(t.admin)).toContain(request.id);
    // Who has made only the one who decides is no hand of who asks.
    expect((await act(request.id, 'approve', await made(t.admin))).status).toBe(200);
    expect((await get(id, one)).body.password).toBe(SECRET);
  });

  test('nor of a client', async () => {
    const client_id = (await t.make('clients', { reveal_policy: 'approval' })).id;
    const [one, other] = [await made(boss), await made(boss)];
    const request = await asked({ client_id }, one);
    await refusedTo(boss, request);
    await refusedTo(other, request);
    const body = { reveal_policy: 'open' };
    expect((await t.http('PATCH', `/api/clients/${client_id}`, { token: one.token, body })).status).toBe(403);
  });

  test('nor by an account whose password they set before or after', async () => {
    const { id } = await credential({ visibility: 'pool' });
    const user = await t.user({ scopes: PLAIN });
    await grant({ credential_id: id, user_id: user.id, level: 'reveal' });
    const request = await approved({ credential_id: id, single_use: false, minutes: 1440 }, user, boss);
    expect((await get(id, user)).status).toBe(200);
    const puppet = await taken(user, boss);
    expect((await get(id, puppet)).status).toBe(403);
    await until(request.id, 'ended');
    const again = await asked({ credential_id: id }, puppet);
    await refusedTo(boss, again);
    expect((await act(again.id, 'approve', owner)).status).toBe(200);
    expect((await get(id, puppet)).status).toBe(200);
  });

  test('nor does an approval outlive the account of who gave it, or a second factor that was reset', async () => {
    const { id } = await credential({ visibility: 'pool' });
    const approver = await t.user();
    const request = await approved({ credential_id: id, single_use: false }, owner, approver);
    await taken(approver, t.admin);
    expect((await get(id)).status).toBe(403);
    await until(request.id, 'ended');
    const user = await t.user();
    const waiting = await asked({ credential_id: id }, user);
    await runAs(systemActor('test'), () => t.app.get(UsersService).resetTotp(user.id));
    expect((await act(waiting.id, 'approve', boss)).status).toBe(409);
    await until(waiting.id, 'ended');
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
  const own = await approved({ credential_id: id });
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
  expect((await act(own.id, 'withdraw', helper)).status).toBe(403);
  const theirs = await asked({ credential_id: id }, helper);
  expect((await act(theirs.id, 'withdraw', helper)).status).toBe(200);
  expect((await act(own.id, 'withdraw', owner)).status).toBe(200);
  const client_id = (await t.make('clients', { reveal_policy: 'approval' })).id;
  const named = { ...body, scopes: [...PLAIN, 'msp:admin'] };
  const strong = await t.http('POST', '/api/access-tokens', { token: owner.token, body: named });
  const admin = { ...owner, token: strong.body.token as unknown as string };
  expect((await ask({ client_id }, admin)).body.error).toMatch(/credentials that it names/);
});
