import { randomUUID } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { LastUses } from '../src/core/access/access-tokens/last-uses.js';
import { parseAccessToken } from '../src/formats/access-token.js';
import { type Answer, type Body, startApp, type TestApp, type TestUser } from './app.js';
import { entriesOf } from './harness/journal.js';

const LATER = '2020-01-01 00:00:00.000';
const REASON = { reason: 'CANARY of a test' };

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ settings: { TRUSTED_PROXIES: '10.9.9.9' } });
});
afterAll(() => t.close());

/** A token of a user, and what the answer says of it. */
async function issue(given: Body = {}, by: Pick<TestUser, 'token'> = t.admin) {
  const body = { name: 'machine', scopes: ['msp:read', 'msp:write'], ...given };
  const answer = await t.http('POST', '/api/access-tokens', { body, token: by.token });
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 201 });
  return { id: answer.body.id, token: String(answer.body.token), answer };
}

const as = (token: string, method: string, path: string, body?: unknown, headers = {}) =>
  t.http(method, path, { token, body, headers });
const me = (token: string) => as(token, 'GET', '/api/auth/me');
const patch = (user: TestUser, body: Body) => t.http('PATCH', `/api/users/${user.id}`, { body });

describe('a token', () => {
  test('is shown once, stored as a hash, and has a shape that a scanner knows', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const body = { name: 'once', purpose: 'CANARY' };
    const [first, again] = [
      await t.http('POST', '/api/access-tokens', { body, headers }),
      await t.http('POST', '/api/access-tokens', { body, headers }),
    ];
    const token = String(first.body.token);
    expect(token).toMatch(/^okt_[0-9A-Za-z]{22}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$/);
    expect(first.headers['cache-control']).toBe('no-store');
    expect([again.status, again.body.id, 'token' in again.body]).toEqual([201, first.body.id, false]);
    expect(parseAccessToken(token)?.id).toBe(first.body.id);
    const [secret = ''] = token.split('_').slice(2);
    for (const table of ['access_tokens', 'journal', 'idempotency_keys'])
      expect(JSON.stringify(await t.sql(`SELECT * FROM ${table}`))).not.toContain(secret);
    const { text, body: row } = await t.http('GET', `/api/access-tokens/${first.body.id}`);
    expect(text).not.toMatch(new RegExp(`${secret}|hash`));
    const hours = (Date.parse(String(row.expires_at)) - Date.parse(row.created_at)) / 3_600_000;
    expect(Math.round(hours)).toBe(24);
    expect((await me(token)).body.id).toBe(t.admin.id);
  });

  test('that is wrong in whatever part is refused alike', async () => {
    const { token, id } = await issue();
    const other = (await issue()).token;
    const [, name = '', secret = '', check = ''] = token.split('_');
    const [, , others = ''] = other.split('_');
    const forged = [
      `okt_${name}_${others}_${check}`, `okt_${name}_${secret}_AAAAAA`, `okt_${name}_${secret}`, 'okt_', `${token}x`,
      `okt_${'z'.repeat(22)}_${secret}_${check}`, `${token} ${other}`,
    ]; // prettier-ignore
    await t.change('UPDATE access_tokens SET revoked_at = ? WHERE id = ?', [
      LATER,
      parseAccessToken(other)!.id,
    ]);
    const answers: Answer[] = [];
    for (const one of forged) answers.push(await me(one));
    const told = answers.map(({ status, body }) =>
      JSON.stringify([status, body.error, body.code, body.details]),
    );
    expect(new Set(told).size).toBe(1);
    expect(told[0]).toContain('401');
    expect(answers[0]?.headers['www-authenticate']).toBe('Bearer');
    const huge = await me(`okt_${'A'.repeat(15_000)}`);
    expect(huge.status).toBe(401);
    for (const scheme of ['bearer', 'BEARER'])
      expect((await t.http('GET', '/api/auth/me', { token: null, headers: { authorization: `${scheme} ${token}` } })).status).toBe(200); // prettier-ignore
    for (const header of [`Basic ${token}`, token, `Bearer ${token}, Bearer ${token}`])
      expect((await t.http('GET', '/api/auth/me', { token: null, headers: { authorization: header } })).status).toBe(401); // prettier-ignore
    expect((await t.http('GET', `/api/auth/me?access_token=${token}`, { token: null })).status).toBe(401);
    expect((await entriesOf(t, id)).map(one => one.action)).toEqual(['access_token.create']);
  });

  test('that is over says why to who has its secret, and the entry names it', async () => {
    const { token, id } = await issue();
    const set = (column: string, value: string | null) =>
      t.change(`UPDATE access_tokens SET ${column} = ? WHERE id = ?`, [value, id]);
    const reason = async () => (await me(token)).body.details.reason;
    await set('revoked_at', LATER);
    expect(await reason()).toBe('revoked');
    await set('revoked_at', null);
    await set('expires_at', LATER);
    expect(await reason()).toBe('expired');
    const told = await t.sql("SELECT actor_type, actor_id, token_id, details FROM journal WHERE action = 'access.refused' AND resource_id = ?", [id]); // prettier-ignore
    expect(told[0]).toMatchObject({ actor_type: 'token', actor_id: t.admin.id, token_id: id });
  });

  test('is revoked by DELETE, once and for all, and stays for the record', async () => {
    const { token, id } = await issue();
    expect((await t.http('DELETE', `/api/access-tokens/${id}`)).status).toBe(204);
    expect((await me(token)).status).toBe(401);
    const { body: row } = await t.http('GET', `/api/access-tokens/${id}`);
    expect(row).toMatchObject({ revoked_at: expect.any(String) as string, version: 2 });
    expect((await t.http('DELETE', `/api/access-tokens/${id}`)).status).toBe(204);
    expect((await t.http('GET', `/api/access-tokens/${id}`)).body).toEqual(row);
    expect((await entriesOf(t, id)).filter(one => one.action === 'access_token.revoke')).toHaveLength(1);
    expect(
      (await t.http('PATCH', `/api/access-tokens/${id}`, { body: { scopes: ['msp:admin'] } })).status,
    ).toBe(405);
  });

  test('tells when it was last used, and writes that at most once a minute', async () => {
    const { token, id } = await issue();
    const used = async () => (await t.http('GET', `/api/access-tokens/${id}`)).body;
    expect((await used()).last_used_at).toBeNull();
    await Promise.all([me(token), me(token)]);
    await t.app.get(LastUses).onApplicationShutdown();
    const { last_used_at, version } = await used();
    expect([typeof last_used_at, version]).toEqual(['string', 1]);
    await me(token);
    await t.app.get(LastUses).onApplicationShutdown();
    expect((await used()).last_used_at).toBe(last_used_at);
  });
});

describe('what a token may', () => {
  test('is on the trail as its user by the token, and its own limit counts', async () => {
    const { token, id } = await issue({ scopes: ['msp:read', 'msp:write', 'msp:admin'] });
    const made = await as(token, 'POST', '/api/clients', { name: `Token ${randomUUID()}` });
    const [entry] = await t.sql('SELECT actor_type, actor_id, token_id FROM journal WHERE resource_id = ?', [made.body.id]); // prettier-ignore
    expect(entry).toEqual({ actor_type: 'token', actor_id: t.admin.id, token_id: id });
    const report = await t.http('POST', '/api/audit/verify', {});
    expect(report.body).toMatchObject({ ok: true });
  });

  test('is on the trail of the credential by the token, too', async () => {
    const { id } = await t.make('credentials');
    const body = { name: 'auditor', scopes: ['msp:read'], credential_ids: [id], actions: ['reveal'] };
    const made = (await t.http('POST', '/api/access-tokens', { body })).body;
    await t.http('GET', `/api/credentials/${id}`, { token: String(made.token) });
    await t.http('GET', `/api/credentials/${id}`);
    const log = async (query: Record<string, string>) =>
      (await t.http('GET', '/api/credential-audit-logs', { query: { credential_id: id, ...query } })).body
        .items;
    expect(new Set((await log({ action: 'decrypt' })).map(one => one.token_id))).toEqual(
      new Set([made.id, null]),
    );
    const own = await log({ token_id: made.id });
    expect(own.length).toBeGreaterThan(0);
    for (const one of own)
      expect(one).toMatchObject({ token_id: made.id, token_name: 'auditor', user_id: t.admin.id });
    const entry = (await t.http('GET', `/api/credential-audit-logs/${own[0]?.id}`)).body;
    expect(entry).toEqual(own[0]);
    // Whoever does not see the token learns that there was one, and not what it is called.
    const reader = await t.user({ scopes: ['msp:read'] });
    await t.make('credential-permissions', { credential_id: id, user_id: reader.id });
    const seen = await as(reader.token, 'GET', `/api/credential-audit-logs/${own[0]?.id}`);
    expect(seen.body).toMatchObject({ token_id: made.id, token_name: null });
  });

  test('tells of an incident nothing of credentials that it is not for', async () => {
    const [incident, credential] = [await t.make('security-incidents'), await t.make('credentials')];
    const path = `/api/security-incidents/${incident.id}`;
    expect((await t.http('PUT', `${path}/credentials/${credential.id}`)).status).toBe(200);
    const tokenFor = async (resources: string[]) => {
      const body = { name: 'siem', scopes: ['msp:read', 'msp:write'], resources };
      return String((await t.http('POST', '/api/access-tokens', { body })).body.token);
    };
    const [alone, both] = [
      await tokenFor(['security-incidents']),
      await tokenFor(['security-incidents', 'credentials']),
    ];
    const as = (method: string, url: string, token: string) => t.http(method, `${path}${url}`, { token });
    expect((await as('GET', '', alone)).status).toBe(200);
    for (const [method, url] of [
      ['GET', '/credentials'],
      ['GET', '/report'],
      ['PUT', `/credentials/${credential.id}`],
      ['DELETE', `/credentials/${credential.id}`],
    ] as const) {
      const refused = await as(method, url, alone);
      expect([method, url, refused.status]).toEqual([method, url, 403]);
      expect(refused.text).not.toContain(String(credential.service_name));
    }
    expect((await as('GET', '/credentials', both)).body.items).toHaveLength(1);
    expect((await as('GET', '/report', both)).status).toBe(200);
  });

  test('is no more than its scopes, and these no more than those of the creator', async () => {
    const reader = await t.user({ scopes: ['msp:read', 'msp:write'] });
    const beyond = { name: 'x', scopes: ['msp:admin'] };
    expect((await as(reader.token, 'POST', '/api/access-tokens', beyond)).status).toBe(403);
    const { token } = await issue({ scopes: ['msp:read'] }, reader);
    expect((await as(token, 'GET', '/api/clients')).status).toBe(200);
    expect((await as(token, 'POST', '/api/contacts', { name: 'x' })).body.details.scope).toBe('msp:write');
    expect((await as(token, 'POST', '/api/audit/verify', {})).body.details.scope).toBe('msp:admin');
  });

  test('tells of a session, a promise and a credential nothing that it is not for', async () => {
    const client_id = await t.client();
    const { id: session_id } = await t.make('sessions', { client_id });
    await t.make('work-items', { session_id });
    await t.make('commands-run', { session_id });
    const promise = await t.make('pending-tasks', { client_id });
    const credential = await t.make('credentials', { client_id });
    const site = await t.make('sites', { client_id });
    const link = `/api/credentials/${credential.id}/links/sites/${site.id}`;
    expect((await t.http('PUT', link)).status).toBe(204);
    const resources = ['sessions', 'work-items', 'pending-tasks', 'credentials'];
    const { token } = await issue({ resources, credential_ids: [credential.id] });
    const timeline = await as(token, 'GET', `/api/sessions/${session_id}/timeline`);
    expect((timeline.body.items as unknown as { kind: string }[]).map(one => one.kind)).toEqual([
      'work_item',
    ]);
    expect((await as(token, 'POST', `/api/pending-tasks/${promise.id}/start-work`)).status).toBe(403);
    const billed = await t.make('sessions', { client_id, is_billable: true });
    expect((await as(token, 'POST', `/api/sessions/${billed.id}/close`, {})).status).toBe(403);
    expect((await as(token, 'POST', `/api/sessions/${session_id}/close`, {})).status).toBe(200);
    const links = await as(token, 'GET', `/api/credentials/${credential.id}/links`);
    expect([links.status, links.text.includes(site.id)]).toEqual([200, false]);
    expect((await as(token, 'DELETE', link)).status).toBe(403);
    const seen = await t.http('GET', `/api/credentials/${credential.id}/links`);
    expect(seen.text).toContain(site.id);
  });

  test('ends at its resources, whatever other route leads there', async () => {
    const client_id = await t.client();
    const credential = await t.make('credentials', { client_id });
    const tag = await t.make('tags');
    const given = {
      resources: ['directory', 'projects'],
      credential_ids: [credential.id],
      actions: ['reveal'],
    };
    const { token } = await issue({ scopes: ['msp:read', 'msp:write', 'msp:admin'], ...given });
    for (const path of ['/api/clients', '/api/tags', '/api/projects', '/api/auth/me'])
      expect([path, (await as(token, 'GET', path)).status]).toEqual([path, 200]);
    const assignment = `/api/tags/${tag.id}/assignments/credentials/${credential.id}`;
    const closed: [string, string, unknown?][] = [
      ['GET', '/api/networks'], ['GET', `/api/credentials/${credential.id}`], ['GET', `/credentials/${credential.id}`],
      ['GET', `/creds/${credential.id}`], ['POST', '/api/credentials/reveal', { ids: [credential.id], ...REASON }],
      ['GET', '/api/users'], ['GET', '/api/access-tokens'], ['POST', '/api/audit/verify'], ['PUT', assignment],
      ['GET', '/api/credential-audit-logs'],
    ]; // prettier-ignore
    for (const [method, path, body] of closed)
      expect([path, (await as(token, method, path, body)).status]).toEqual([path, 403]);
    const overview = await as(token, 'GET', `/api/clients/${client_id}/overview`);
    const told = (overview.body.resources as { resource: string }[]).map(one => one.resource);
    expect([told.includes('sites'), told.includes('credentials'), told.includes('networks')]).toEqual([true, false, false]); // prettier-ignore
    const machine = await t.make('machines');
    const session = await t.make('sessions', { client_id, machine_id: machine.id, tags: [String(tag.name)] });
    const [seen, used] = [
      await as(token, 'GET', `/api/machines/${machine.id}`),
      await as(token, 'GET', `/api/tags/${tag.id}`),
    ];
    expect([seen.body.last_session_id, used.body.usage_count]).toEqual([null, 0]);
    expect((await t.http('GET', `/api/machines/${machine.id}`)).body.last_session_id).toBe(session.id);
    const vault = await issue({ scopes: ['msp:read', 'msp:admin'], resources: ['vault'] });
    for (const path of ['/api/clients', '/api/users'])
      expect([path, (await as(vault.token, 'GET', path)).status]).toEqual([path, 403]);
  });

  test('is neither to make tokens, nor users, grants, passwords, second factors or logins', async () => {
    const [client_id, target] = [await t.client(), await t.user()];
    const credential = await t.make('credentials', { client_id });
    const given = {
      scopes: ['msp:read', 'msp:write', 'msp:admin'],
      credential_ids: [credential.id],
      actions: ['reveal'],
    };
    const [{ token, id }, other] = [await issue(given), await issue()];
    const grant = { credential_id: credential.id, user_id: target.id, level: 'reveal' };
    const refused: [string, string, unknown?][] = [
      ['POST', '/api/access-tokens', { name: 'x' }], ['DELETE', `/api/access-tokens/${other.id}`],
      ['POST', '/api/users', { email: 'x@canary.test', name: 'x', password: 'CANARY lantern orbit 42' }],
      ['PATCH', `/api/users/${target.id}`, { scopes: ['msp:admin'] }], ['DELETE', `/api/users/${target.id}`],
      ['POST', '/api/credential-permissions', grant],
      ['PATCH', `/api/credentials/${credential.id}`, { client_id: null, visibility: 'pool' }],
      ['POST', '/api/auth/change-password', { current_password: t.admin.password, new_password: 'CANARY new lantern 42' }],
      ['POST', '/api/auth/totp/enroll', { password: t.admin.password }], ['POST', '/api/auth/logout'], ['POST', '/api/auth/logout-all'],
      ['POST', '/api/auth/totp/disable', { password: t.admin.password, otp: '123456' }],
    ]; // prettier-ignore
    for (const [method, path, body] of refused)
      expect([path, (await as(token, method, path, body)).status]).toEqual([path, 403]);
    expect((await me(t.admin.token)).status).toBe(200);
    expect((await as(token, 'DELETE', `/api/access-tokens/${id}`)).status).toBe(204);
    expect((await me(token)).status).toBe(401);
  });

  test('is to end itself, whatever it is for', async () => {
    const [one, another] = [await issue({ scopes: ['msp:read'], resources: ['sites'] }), await issue()];
    expect((await as(one.token, 'DELETE', `/api/access-tokens/${another.id}`)).status).toBe(403);
    expect((await as(one.token, 'DELETE', `/api/access-tokens/${one.id.toUpperCase()}`)).status).toBe(204);
    expect((await me(one.token)).body.details.reason).toBe('revoked');
  });

  test('is no answer that was stored for its user', async () => {
    const body = { name: `Stored ${randomUUID()}` };
    const headers = { 'idempotency-key': randomUUID() };
    expect((await t.http('POST', '/api/tags', { body, headers })).status).toBe(201);
    const { token } = await issue();
    expect((await as(token, 'POST', '/api/tags', body, headers)).status).toBe(409);
  });
});

describe('secrets', () => {
  test('open by a token that names the credential and the action, and by no other', async () => {
    const client_id = await t.client();
    const seed = Secret.fromLatin1('CANARY seed of a token').base32;
    const named = await t.make('credentials', { client_id, password: 'CANARY named 42', totp_secret: seed });
    const other = await t.make('credentials', { client_id, password: 'CANARY other 42' });
    const scopes = ['msp:read', 'msp:write', 'msp:admin'];
    const full = await issue({ scopes, credential_ids: [named.id], actions: ['reveal'] });
    const codes = await issue({ scopes, credential_ids: [named.id], actions: ['totp'] });
    const none = await issue({ scopes, actions: ['reveal', 'totp'] });
    const get = async (one: { token: string }, { id }: { id: string }) => (await as(one.token, 'GET', `/api/credentials/${id}`)).body.password; // prettier-ignore
    expect(await get(full, named)).toBe('CANARY named 42');
    for (const [token, credential] of [
      [full, other],
      [codes, named],
      [none, named],
    ] as const)
      expect(await get(token, credential)).toBeUndefined();
    const bulk = await as(full.token, 'POST', '/api/credentials/reveal', {
      ids: [named.id, other.id],
      ...REASON,
    });
    expect(bulk.body.results.map(one => one.status)).toEqual([200, 403]);
    const otp = (one: { token: string }) => as(one.token, 'GET', `/api/credentials/${named.id}/otp`);
    expect([(await otp(full)).status, (await otp(codes)).status, (await otp(none)).status]).toEqual([
      403, 200, 403,
    ]);
    // Clients of the earlier manager: CREDENTIALS_MANAGER_TOKEN is a bearer token.
    for (const path of ['credentials', 'creds']) {
      expect((await as(full.token, 'GET', `/${path}/${named.id}`)).body).toMatchObject({
        value: 'CANARY named 42',
      });
      expect((await as(codes.token, 'GET', `/${path}/${named.id}`)).status).toBe(403);
    }
    const rotate = (id: string) => as(codes.token, 'POST', `/api/credentials/${id}/rotate`, { reveal: true });
    expect([(await rotate(named.id)).status, (await rotate(other.id)).status]).toEqual([403, 403]);
    const guess = await as(full.token, 'POST', '/api/credentials', {
      client_id, credential_type: 'password', service_name: other.service_name, password: 'CANARY other 42',
    }); // prettier-ignore
    expect([guess.status, guess.body.duplicates]).toEqual([201, []]);
    const entries = await t.sql("SELECT DISTINCT token_id FROM journal WHERE action = 'credential.decrypt' AND resource_id = ?", [named.id]); // prettier-ignore
    expect(entries).toContainEqual({ token_id: full.id });
  });

  test('close when the creator loses the grant, the client or the scope in the middle of things', async () => {
    const client_id = (await t.make('clients')).id;
    const { id } = await t.make('credentials', { client_id, password: 'CANARY lost 42' });
    const user = await t.user({ scopes: ['msp:read', 'msp:write'] });
    const body = { credential_id: id, user_id: user.id, level: 'reveal' };
    const grant = await t.http('POST', '/api/credential-permissions', { body });
    const { token } = await issue({ scopes: ['msp:read'], credential_ids: [id], actions: ['reveal'] }, user);
    const write = await issue({ scopes: ['msp:read', 'msp:write'] }, user);
    const get = () => as(token, 'GET', `/api/credentials/${id}`);
    expect((await get()).body.password).toBe('CANARY lost 42');
    await t.http('PATCH', `/api/credential-permissions/${grant.body.id}`, { body: { level: 'view' } });
    expect([(await get()).status, (await get()).body.password]).toEqual([200, undefined]);
    await patch(user, { client_access: 'except', client_ids: [client_id] });
    expect((await get()).status).toBe(404);
    await patch(user, { scopes: ['msp:read'] });
    expect([(await me(token)).status, (await me(write.token)).status]).toEqual([200, 401]);
    await patch(user, { scopes: ['msp:read', 'msp:write'] });
    expect((await me(write.token)).body.details.reason).toBe('revoked');
    await patch(user, { is_active: false });
    expect((await get()).status).toBe(401);
    await patch(user, { is_active: true });
    expect((await get()).body.details.reason).toBe('revoked');
  });

  test('of a policy that asks for a code stay closed, whatever code comes along', async () => {
    const user = await t.user({ scopes: ['msp:read', 'msp:write'] });
    const enrolled = await as(user.token, 'POST', '/api/auth/totp/enroll', { password: user.password });
    const code = (at = 0) => new TOTP({ secret: Secret.fromBase32(String(enrolled.body.secret)) }).generate({ timestamp: Date.now() + at * 30_000 }); // prettier-ignore
    await as(user.token, 'POST', '/api/auth/totp/confirm', { otp: code() });
    const token = await t.login(user.email);
    const { body: credential } = await as(token, 'POST', '/api/credentials', {
      credential_type: 'password', service_name: 'x', password: 'CANARY policy 42', reveal_policy: 'otp',
    }); // prettier-ignore
    const given = { name: 'x', credential_ids: [credential.id], actions: ['reveal'] };
    expect((await as(token, 'POST', '/api/access-tokens', given)).body.error).toMatch(/one-time code/);
    const headers = { 'x-opskeep-otp': code(1) };
    const made = await as(token, 'POST', '/api/access-tokens', given, headers);
    expect(made.status).toBe(201);
    await t.change('UPDATE users SET totp_step = 0 WHERE id = ?', [user.id]);
    const refused = await as(String(made.body.token), 'GET', `/api/credentials/${credential.id}`, undefined, { 'x-opskeep-otp': code() }); // prettier-ignore
    expect([refused.status, refused.body.details.policy]).toEqual([403, 'otp']);
    expect(refused.text).not.toContain('CANARY');
  });
});
