import { type Body, startApp, type TestApp } from './app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ settings: { MASS_REVEAL_LIMIT: '3' } });
});
afterAll(() => t.close());

const credential = async () => (await t.make('credentials', { password: 'CANARY-detection' })).id;

/** Incidents are opened after the answer: waits for one whose title holds the words. */
async function incidentOf(words: string): Promise<Body | undefined> {
  for (let tries = 0; tries < 50; tries++) {
    const { body } = await t.http('GET', '/api/security-incidents', { query: { q: words } });
    if (body.items.length > 0) return body.items[0] as Body;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  return undefined;
}

test('many different secrets revealed in a short time are an incident, the same one often is not', async () => {
  const user = await t.user();
  const ids = [await credential(), await credential(), await credential()];
  for (const id of ids)
    await t.make('credential-permissions', { credential_id: id, user_id: user.id, level: 'reveal' });
  const [first = ''] = ids;
  for (let times = 0; times < 5; times++)
    await t.http('GET', `/api/credentials/${first}`, { token: user.token });
  const quiet = await t.http('GET', '/api/security-incidents', { query: { q: user.email } });
  expect(quiet.body.items).toEqual([]);
  await t.http('POST', '/api/credentials/reveal', {
    token: user.token,
    body: { ids, reason: 'all of them' },
  });
  const incident = await incidentOf(user.email);
  expect(incident).toMatchObject({ incident_type: 'unauthorized_access', severity: 'high' });
  const linked = await t.http('GET', `/api/security-incidents/${String(incident?.id)}/credentials`);
  expect(new Set(linked.body.items.map(one => one.credential_id))).toEqual(new Set(ids));
});

test('a stored secret that does not open is an incident', async () => {
  const id = await credential();
  await t.change(
    "UPDATE credential_secrets SET sealed = REPLACE(sealed, 'v3.', 'v2.') WHERE credential_id = ?",
    [id],
  );
  expect((await t.http('GET', `/api/credentials/${id}`)).status).toBe(500);
  const incident = await incidentOf('does not open');
  const linked = await t.http('GET', `/api/security-incidents/${String(incident?.id)}/credentials`);
  expect(linked.body.items).toMatchObject([{ credential_id: id }]);
});
