import { createHmac, randomBytes } from 'node:crypto';
import { SCOPES, type Scope } from '../../src/core/context/actor.js';
import { AUDIENCE, TokenSigner } from '../../src/core/access/tokens/token-signer.js';
import type { Body, TestApp, TestUser } from '../app.js';

/** Signed by `key` as our tokens are, whatever the claims; `header` replaces parts of the header. */
function signed(key: Buffer, claims: Body, header: Body = {}): string {
  const part = (value: Body) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'HS256', typ: 'at+jwt', ...header })}.${part(claims)}`;
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
}

async function accessToken(t: TestApp, user: TestUser, given: Body): Promise<{ id: string; token: string }> {
  const body = { name: 'machine', scopes: [...SCOPES], ...given };
  const answer = await t.http('POST', '/api/access-tokens', { token: user.token, body });
  if (answer.status !== 201) throw new Error(`${answer.status} ${answer.text}`);
  return { id: answer.body.id, token: String(answer.body.token) };
}

/** What nobody is let in with, by what is wrong with it; null is no token at all. */
export async function uselessTokens(t: TestApp): Promise<Map<string, string | null>> {
  const [user, gone, disabled] = [await t.user(), await t.user(), await t.user()];
  const ended = await accessToken(t, user, {});
  const revoked = await accessToken(t, user, {});
  const ofDisabled = await accessToken(t, disabled, {});
  await t.change('UPDATE access_tokens SET expires_at = ? WHERE id = ?', [
    '2020-01-01 00:00:00.000',
    ended.id,
  ]);
  await t.http('DELETE', `/api/access-tokens/${revoked.id}`, { token: user.token });
  await t.http('POST', '/api/auth/logout-all', { token: gone.token });
  await t.http('PATCH', `/api/users/${disabled.id}`, { body: { is_active: false } });
  const login = { email: user.email, password: user.password };
  const { refresh_token } = (await t.http('POST', '/api/auth/login', { token: null, body: login })).body;

  const signer = t.app.get(TokenSigner);
  const key = signer.key.export();
  const [, payload = ''] = user.token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Body;
  if ((await t.http('GET', '/api/auth/me', { token: signed(key, claims) })).status !== 200)
    throw new Error('A token that is signed here should be as good as one of the server');
  const none = signed(key, claims, { alg: 'none' }).split('.');
  return new Map([
    ['no token', null],
    ['a malformed token', 'CANARY.not.a.token'],
    ['an expired token', signed(key, { ...claims, exp: Number(claims.iat) - 1 })],
    ['a token without an end', signed(key, { ...claims, exp: undefined })],
    ['a token for another audience', signed(key, { ...claims, aud: `${AUDIENCE}-elsewhere` })],
    ['a token of another issuer', signed(key, { ...claims, iss: 'urn:opskeep:elsewhere' })],
    ['a token of another key', signed(randomBytes(48), claims)],
    ['a token with `alg: none`', `${none[0]}.${none[1]}.`],
    ['a token with `alg: none` and a signature', none.join('.')],
    ['a token of another type', signed(key, claims, { typ: 'JWT' })],
    ['a token that names another user', signed(key, { ...claims, uid: t.admin.id })],
    ['a refresh token', refresh_token],
    ['the token of a login that was revoked', gone.token],
    ['the token of a user who is disabled', disabled.token],
    ['an access token that has expired', ended.token],
    ['an access token that was revoked', revoked.token],
    ['an access token of a user who is disabled', ofDisabled.token],
  ]);
}

/** For each scope: somebody who has all others. */
export async function withoutScopes(t: TestApp): Promise<Record<Scope, string>> {
  const entries = SCOPES.map(async missing => {
    const { token } = await t.user({ scopes: SCOPES.filter(one => one !== missing) });
    return [missing, token] as const;
  });
  return Object.fromEntries(await Promise.all(entries)) as Record<Scope, string>;
}

/** Access tokens of an administrator, each for the routes of one resource alone. */
export async function narrowTokens(t: TestApp, ...paths: string[]): Promise<Record<string, string>> {
  const tokens: Record<string, string> = {};
  for (const path of paths) tokens[path] = (await accessToken(t, t.admin, { resources: [path] })).token;
  return tokens;
}

/** Who may see one client alone: a user, and an access token of somebody who sees all. */
export async function seesOnly(t: TestApp, client_id: string): Promise<Record<string, string>> {
  const access = { client_access: 'only' as const, client_ids: [client_id] };
  return {
    'a user of another client': (await t.user(access)).token,
    'an access token for another client': (await accessToken(t, await t.user(), access)).token,
  };
}
