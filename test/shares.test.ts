import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { allSealedPlaces, openEvery } from '../src/core/crypto/sealed-places.js';
import { Opener } from '../src/core/crypto/opener.js';
import { EventBus } from '../src/core/events/events.js';
import { type Body, startApp, type TestApp, type TestUser } from './app.js';
import { type Browser, missingBrowser, startBrowser } from './harness/browser.js';
import { type Link, opened, SECRET, type Sharing, sharingOf, WHY } from './harness/sharing.js';

const PHRASE = 'CANARY phrase';
const OUTPUT = join(process.cwd(), 'test-output');

let t: TestApp;
let owner: TestUser;
let credential: Sharing['credential'];
let share: Sharing['share'];
let redeem: Sharing['redeem'];
let shares: Sharing['shares'];
let linkTo: Sharing['linkTo'];
let made: Sharing['made'];
let trail: Sharing['trail'];
beforeAll(async () => {
  t = await startApp({ settings: { REFUSED_REVEAL_LIMIT: '0', MASS_REVEAL_LIMIT: '0' } });
  owner = await t.user();
  ({ credential, share, redeem, shares, linkTo, made, trail } = sharingOf(t, owner));
});
afterAll(() => t.close());

test('a link opens the secrets for who has it, as often as it says, and each time is a reveal on the trail', async () => {
  const link = await made({ views: 2 });
  const told: unknown[] = [];
  t.app.get(EventBus).on('vault.share_redeemed', fact => void told.push(fact));
  const first = await redeem(link.token);
  expect([first.status, first.body.views_left, first.headers['cache-control']]).toEqual([200, 1, 'no-store']);
  expect(opened(first.body.sealed, link)).toEqual({
    service_name: 'Mail',
    username: 'anna',
    external_url: null,
    secrets: { password: SECRET },
  });
  expect(await shares(link.of)).toMatchObject([{ id: link.id, views: 2, views_left: 1, is_open: true }]);
  expect((await redeem(link.token)).body.views_left).toBe(0);
  expect((await redeem(link.token)).status).toBe(404);
  expect(await shares(link.of)).toMatchObject([{ views_left: 0, is_open: false }]);
  expect(told).toMatchObject([{ share_id: link.id, views_left: 1 }, { views_left: 0 }]);

  const entries = await trail(link.of);
  expect(entries.map(one => [one.action, one.outcome])).toEqual([
    ['credential.create', 'ok'],
    ['credential.reveal', 'ok'],
    ['credential.share', 'ok'],
    ['credential.reveal', 'ok'],
    ['credential.reveal', 'ok'],
    ['credential.reveal', 'refused'],
  ]);
  expect(JSON.parse(entries[1]?.details ?? '')).toMatchObject({ share_id: link.id, views: 2, reason: WHY });
  expect(entries[3]).toMatchObject({ actor_type: 'anonymous', actor_name: `link of ${owner.email}` });
});

test('neither the database with all keys nor the link alone opens it, and what is over is gone', async () => {
  const link = await made({ views: 2, passphrase: PHRASE });
  const row = async () => (await t.sql('SELECT * FROM credential_shares WHERE id = ?', [link.id]))[0] ?? {};
  const stored = JSON.stringify(await row());
  for (const text of [SECRET, link.token, link.key, PHRASE]) expect(stored).not.toContain(text);
  const places = allSealedPlaces().find(one => one.table === 'credential_shares');
  const opener = t.app.get(Opener);
  const sql = t.opened.database.connections.reader;
  expect(await openEvery(sql, opener, places ?? ({} as never))).toMatchObject({ unopened: [] });
  // The outer lock is ours, the inner one in the link.
  const { body } = await redeem(link.token, PHRASE);
  expect(JSON.stringify(body)).not.toContain('CANARY');
  expect(() => opened(body.sealed, { ...link, key: Buffer.alloc(32, 1).toString('base64url') })).toThrow();
  expect(() => opened(body.sealed, { ...link, token: 'x'.repeat(22) })).toThrow();
  await redeem(link.token, PHRASE);
  expect((await row()).sealed).toBeNull();
});

test('of 50 at once on one view, one succeeds', async () => {
  const link = await made();
  const answers = await Promise.all(Array.from({ length: 50 }, () => redeem(link.token)));
  const good = answers.filter(one => one.status === 200);
  expect(good.map(one => opened(one.body.sealed, link).secrets)).toEqual([{ password: SECRET }]);
  expect(answers.filter(one => one.status !== 200 && one.status !== 404)).toEqual([]);
});

test('a passphrase is asked for, five wrong ones end the link, and what is over tells a stranger nothing', async () => {
  const link = await made({ passphrase: 'CANARY phr\u00e4se', views: 3 });
  const bare = await redeem(link.token);
  expect([bare.status, bare.body.details]).toMatchObject([403, { passphrase: true }]);
  expect((await redeem(link.token, 'CANARY phra\u0308se')).status).toBe(200);
  for (let n = 0; n < 4; n++) expect((await redeem(link.token, `CANARY wrong ${n}`)).status).toBe(403);
  const last = await redeem(link.token, 'CANARY wrong 5');
  const unknown = await redeem('A'.repeat(22));
  const same = ({ status, body: { error, code, details } }: typeof last) => ({
    status,
    error,
    code,
    details,
  });
  expect(same(last)).toEqual(same(unknown));
  expect(same(await redeem(link.token, 'CANARY phr\u00e4se'))).toEqual(same(unknown));
  expect(same(unknown).status).toBe(404);
  expect(await shares(link.of)).toMatchObject([{ is_open: false, revoked_because: 'wrong passphrases' }]);
  expect((await trail(link.of)).filter(one => one.outcome === 'refused')).toHaveLength(6);
  const expired = await made();
  await t.change('UPDATE credential_shares SET expires_at = ? WHERE id = ?', ['2020-01-01 00:00:00.000', expired.id]); // prettier-ignore
  expect(same(await redeem(expired.token))).toEqual(same(unknown));
  await linkTo(expired.of);
  expect(await t.sql('SELECT sealed FROM credential_shares WHERE id = ?', [expired.id])).toEqual([
    { sealed: null },
  ]);
});

test('guesses at once are counted, too', async () => {
  const link = await made({ passphrase: PHRASE, views: 20 });
  await Promise.all(Array.from({ length: 20 }, (_, n) => redeem(link.token, `CANARY guess ${n}`)));
  expect((await redeem(link.token, PHRASE)).status).toBe(404);
});

test('making one is a reveal: right, policy, a login, and only what is there', async () => {
  const { id } = await credential({ reveal_policy: 'approval' });
  expect((await share(id)).body.details).toMatchObject({ policy: 'approval' });
  const { body: request } = await t.http('POST', '/api/approval-requests', { token: owner.token, body: { credential_id: id, reason: WHY } }); // prettier-ignore
  await t.http('POST', `/api/approval-requests/${request.id}/approve`);
  // A link would multiply what was approved for once, and outlive it.
  const refused = await share(id);
  expect([refused.status, refused.body.error]).toEqual([403, expect.stringMatching(/no links/)]);
  // Alike refusals share an entry.
  expect((await trail(id)).filter(one => one.outcome === 'refused')).toHaveLength(1);
  expect((await t.http('GET', `/api/credentials/${id}`, { token: owner.token })).status).toBe(200);

  const open = await credential();
  const stranger = await t.user({ scopes: ['msp:read', 'msp:write'] });
  expect((await share(open.id, {}, stranger.token)).status).toBe(404);
  const grant = (level: string) =>
    t.http('POST', '/api/credential-permissions', {
      token: owner.token,
      body: { credential_id: open.id, user_id: stranger.id, level },
    });
  await grant('view');
  expect((await share(open.id, {}, stranger.token)).status).toBe(403);
  const named = {
    name: 'x',
    scopes: ['msp:read', 'msp:write'],
    credential_ids: [open.id],
    actions: ['reveal'],
  };
  const token = (await t.http('POST', '/api/access-tokens', { token: owner.token, body: named })).body.token;
  expect((await share(open.id, {}, String(token))).body.error).toMatch(/access token/);
  for (const body of [
    { reason: ' ' },
    { views: 0 },
    { views: 21 },
    { expires_in: 59 },
    { expires_in: 2_592_001 },
    { passphrase: 'short' },
    { fields: ['api_key'] },
    { fields: ['totp_secret'] },
    { fields: [] },
  ])
    expect([body, (await share(open.id, body)).status]).toEqual([body, 422]);
});

test('a link ends with what it stands on, and is revoked by who made it or manages', async () => {
  const gone = async (link: Link) => expect((await redeem(link.token)).status).toBe(404);
  const rotated = await made();
  const kept = await linkTo(rotated.of, { ends_with_rotation: false });
  const by = { token: owner.token };
  await t.http('POST', `/api/credentials/${rotated.of}/rotate`, { ...by, body: {} });
  await gone(rotated);
  expect((await redeem(kept.token)).status).toBe(200);

  const moved = await made();
  await t.http('PATCH', `/api/credentials/${moved.of}`, { ...by, body: { visibility: 'pool' } });
  await gone(moved);
  const deleted = await made();
  expect((await t.http('DELETE', `/api/credentials/${deleted.of}`, by)).status).toBe(204);
  await gone(deleted);

  const maker = await t.user({ scopes: ['msp:read', 'msp:write'] });
  const { id } = await credential();
  const body = { credential_id: id, user_id: maker.id, level: 'reveal' };
  const { body: permission } = await t.http('POST', '/api/credential-permissions', { ...by, body });
  const theirs = async () => {
    const url = String((await share(id, {}, maker.token)).body.url);
    return { url, id: '', key: '', token: url.split('#')[1]?.split('.')[0] ?? '' };
  };
  const [lost, disabled] = [await theirs(), await theirs()];
  await linkTo(id);
  expect(await shares(id, maker)).toHaveLength(2);
  expect(await shares(id)).toHaveLength(3);
  const [mine] = await shares(id);
  const revoke = (user: TestUser) => t.http('DELETE', `/api/credentials/${id}/shares/${mine?.id}`, { token: user.token }); // prettier-ignore
  expect((await revoke(maker)).status).toBe(404);
  const named = { name: 'x', scopes: ['msp:read', 'msp:write'], credential_ids: [rotated.of] };
  const { token } = (await t.http('POST', '/api/access-tokens', { ...by, body: named })).body;
  expect((await revoke({ ...owner, token: String(token) })).status).toBe(403);
  expect((await revoke(owner)).status).toBe(204);
  expect((await shares(id)).find(one => one.id === mine?.id)).toMatchObject({ revoked_because: 'by hand' });
  const level = (value: string) => t.http('PATCH', `/api/credential-permissions/${permission.id}`, { ...by, body: { level: value } }); // prettier-ignore
  await level('view');
  await gone(lost);
  await level('reveal');
  await t.http('PATCH', `/api/users/${maker.id}`, { body: { is_active: false } });
  await gone(disabled);
});

test('a link ends for good with what it stands on, and nothing of its secrets stays', async () => {
  const patch = (path: string, body: Body) => t.http('PATCH', `/api/${path}`, { token: owner.token, body });
  const ended = async (link: Link & { of: string }, why: RegExp) => {
    expect((await redeem(link.token)).status).toBe(404);
    for (let n = 0; n < 200 && (await shares(link.of))[0]?.is_open; n++)
      await new Promise(resolve => setTimeout(resolve, 20));
    expect((await shares(link.of))[0]).toMatchObject({
      revoked_because: expect.stringMatching(why) as string,
    });
    expect(await t.sql('SELECT sealed FROM credential_shares WHERE id = ?', [link.id])).toEqual([{ sealed: null }]); // prettier-ignore
  };
  for (const [before, after] of [
    ['open', 'reason'],
    ['reason', 'otp'],
    ['open', 'approval'],
  ]) {
    // prettier-ignore
    const client_id = (await t.make('clients', { reveal_policy: before })).id;
    const [own, above] = [await made({}, { reveal_policy: before }), await made({}, { client_id })];
    await patch(`credentials/${own.of}`, { reveal_policy: after });
    await ended(own, /policy/);
    const asStrict = await made({}, { client_id, reveal_policy: 'reason' });
    await patch(`clients/${client_id}`, { reveal_policy: after });
    await ended(above, /policy/);
    if (after === 'reason') expect((await redeem(asStrict.token)).status).toBe(200);
  }
  const unused = await made();
  for (const is_active of [false, true]) await patch(`credentials/${unused.of}`, { is_active });
  await ended(unused, /not in use/);
  const archived = await made();
  await patch(`credentials/${archived.of}`, { archived_at: '2026-01-01T00:00:00Z' });
  await ended(archived, /not in use/);
  expect((await share(archived.of)).status).toBe(409);
  const client_id = (await t.make('clients')).id;
  const left = await made({}, { client_id });
  await patch(`clients/${client_id}`, { status: 'archived' });
  await ended(left, /archived|not in use/);

  const maker = await t.user({ scopes: ['msp:read', 'msp:write'] });
  const { id: of } = await credential();
  const grant = { credential_id: of, user_id: maker.id, level: 'reveal' };
  const theirs = async () => ({ ...(await linkTo(of, {}, await t.login(maker.email))), of });
  for (const change of [{ scopes: ['msp:write'] }, { is_active: false }]) {
    await t.http('POST', '/api/credential-permissions', { token: owner.token, body: grant });
    const link = await theirs();
    await patch(`users/${maker.id}`, change);
    await ended(link, /who made it/);
    await patch(`users/${maker.id}`, { scopes: ['msp:read', 'msp:write'], is_active: true });
    expect((await redeem(link.token)).status).toBe(404);
  }
  const link = await theirs();
  for (const level of ['view', 'reveal'])
    await t.http('POST', '/api/credential-permissions', { token: owner.token, body: { ...grant, level } });
  await ended(link, /who made it/);
});

test('a link whose key is gone answers as one that is over', async () => {
  const [link, other] = [await made(), await made()];
  const [row] = await t.sql('SELECT sealed FROM credential_shares WHERE id = ?', [other.id]);
  await t.change('UPDATE credential_shares SET sealed = ? WHERE id = ?', [String(row?.sealed), link.id]);
  const [gone, unknown] = [await redeem(link.token), await redeem('A'.repeat(22))];
  expect([gone.status, gone.body.error]).toEqual([404, unknown.body.error]);
  expect((await trail(link.of)).at(-1)).toMatchObject({ action: 'credential.reveal', outcome: 'failed' });
});

test('a server that browsers do not reach by https makes no links', async () => {
  const { settings } = t.opened;
  const before = settings.PUBLIC_URL;
  const { id } = await credential();
  try {
    Object.assign(settings, { PUBLIC_URL: 'http://opskeep.example' });
    const refused = await share(id);
    expect([refused.status, refused.body.error]).toEqual([409, expect.stringContaining('PUBLIC_URL')]);
  } finally {
    Object.assign(settings, { PUBLIC_URL: before });
  }
});

const missing = missingBrowser();
if (missing && process.env.CI)
  it('has a browser', () => {
    throw new Error(missing);
  });

(missing ? describe.skip : describe)(`the page in a browser${missing ? ` – ${missing}` : ''}`, () => {
  let browser: Browser;
  let address: string;
  beforeAll(async () => {
    mkdirSync(OUTPUT, { recursive: true });
    address = await t.listen();
    browser = await startBrowser();
  }, 120_000);
  afterAll(() => browser?.close());

  const visit = async (link: Link) => {
    await browser.page.goto('about:blank');
    await browser.page.goto(`${address}${new URL(link.url).pathname}#${link.token}.${link.key}`);
  };
  const show = () => browser.page.locator('#show').click();
  const problem = (hasText: RegExp) => browser.page.locator('#problem', { hasText }).waitFor();
  const text = (id: string) => browser.page.locator(id).innerText();

  test('shows nothing and uses nothing up before a click, then the secret as it is', async () => {
    const { page, requests, errors } = browser;
    await page.setViewportSize({ width: 390, height: 844 });
    const link = await made();
    for (const method of ['GET', 'HEAD'] as const)
      expect((await t.http(method, '/share', { token: null })).status).toBe(200);
    await visit(link);
    await visit(link);
    await page.screenshot({ path: join(OUTPUT, 'share-before.png') });
    expect(await page.locator('body').innerText()).not.toContain('CANARY');
    expect(await shares(link.of)).toMatchObject([{ views_left: 1 }]);
    requests.length = 0;
    await show();
    await page.waitForSelector('#secret-password');
    expect(await page.locator('#secret-password').textContent()).toBe(SECRET);
    expect([await text('#title'), await text('#about'), await text('#left')]).toEqual([
      'Mail',
      'anna',
      expect.stringContaining('used up'),
    ]);
    // The key never leaves the browser, and is in its history no more.
    expect(requests).toEqual([`${address}/api/shares/redeem`]);
    expect(page.url()).toBe(`${address}/share`);
    await page.screenshot({ path: join(OUTPUT, 'share-shown.png') });
    expect(errors).toEqual([]);
    await visit(link);
    await show();
    await problem(/opens nothing/);
  });

  test('asks for the passphrase, and says what is wrong', async () => {
    const link = await made({ passphrase: PHRASE });
    await visit(link);
    await show();
    await browser.page.locator('#passphrase').fill('CANARY wrong');
    await show();
    await problem(/not the passphrase; 4 more/);
    await browser.page.screenshot({ path: join(OUTPUT, 'share-passphrase.png') });
    await browser.page.locator('#passphrase').fill(PHRASE);
    await show();
    await browser.page.waitForSelector('#secret-password');
  });

  test('a link that is cut says so, and so does a page without a secure context', async () => {
    const link = await made();
    await visit({ ...link, key: link.key.slice(0, 20) });
    await problem(/not complete/);
    expect(await browser.page.locator('#show').isDisabled()).toBe(true);
    await browser.page.addInitScript("Object.defineProperty(window, 'isSecureContext', { value: false })");
    await visit(link);
    await problem(/https only/);
    expect(await shares(link.of)).toMatchObject([{ views_left: 1 }]);
  });

  test('is the same for everybody, and lets in nothing but itself', async () => {
    const { headers, text: page } = await t.http('GET', '/share', { token: null });
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': expect.stringContaining('noindex') as string,
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; script-src 'sha256-\S+'; style-src 'sha256-\S+'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
      ) as string,
    });
    expect(page).not.toMatch(/https?:\/\/(?!\.)\w|src=|@import|url\(/);
  });
});
