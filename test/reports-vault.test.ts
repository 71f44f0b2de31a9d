import { startApp, type Body, type Shown, type TestApp, type TestUser } from './app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

const momentIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const report = async (name: string, query: Body = {}, user: TestUser = t.admin) => {
  const answer = await t.http('GET', `/api/reports/${name}`, { query: query as never, token: user.token });
  expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
  return answer.body as unknown as Record<string, never> & { rows: Shown[] };
};
const page = (name: string, query: Body = {}) =>
  t.http('GET', `/api/reports/${name}`, { query: { ...query, format: 'html' } as never });

describe('the vault', () => {
  test('is as healthy as its health says, and as exposed as its exposure; both are on the trail', async () => {
    const client_id = (await t.make('clients')).id;
    const given = { client_id, credential_type: 'password', password: 'CANARY x', name: 'weak one' };
    const { id } = await t.make('credentials', { ...given, expires_at: momentIn(-1) });
    await t.make('credentials', { ...given, name: 'the same' });
    await t.http('POST', `/api/credentials/${id}/reveal`, { body: { reason: 'a test of reports' } });
    const since = Number((await t.sql('SELECT MAX(n) AS n FROM journal'))[0]?.n);
    const found = await report('vault-health', { client_id });
    const actions = await t.sql('SELECT action, resource_id FROM journal WHERE n > ? ORDER BY n', [since]);
    expect(actions).toEqual([
      { action: 'credential.health', resource_id: null },
      { action: 'credential.exposure', resource_id: client_id },
    ]);
    const health = (await t.http('GET', '/api/credentials/health', { query: { client_id } })).body;
    expect(found.rows.map(({ client_name: _, ...row }) => row)).toEqual(health.items);
    expect([found.counts, found.checked, found.rows_total]).toEqual([health.counts, 2, 2]);
    expect(found.counts).toMatchObject({ expired: 1, reused: 2, weak: 2 });
    expect(found.exposure).toMatchObject({
      people_total: 1,
      people: [{ user_id: t.admin.id, known: 2, credentials: 2 }],
    });
    const shown = (await page('vault-health', { client_id })).text;
    expect([shown.includes('CANARY'), shown.includes('weak one')]).toEqual([false, true]);
    expect(shown).toContain('Not rotated in its first 90 days');
    expect(shown).not.toContain('Made with Opskeep');
    expect((await page('vault-health')).text).toContain('what the person who made it may see');
    const all = (await report('vault-health')) as unknown as { exposure: { people: Shown[] } };
    expect(all.exposure.people.find(one => one.user_id === t.admin.id)?.known).toBeGreaterThanOrEqual(2);
  });

  test('tells who is no administrator nothing of who knows what', async () => {
    const user = await t.user({ scopes: ['msp:read'] });
    expect(await report('vault-health', {}, user)).toMatchObject({ exposure: null, rows: [], checked: 0 });
  });
});
