import { type Body, startApp, type TestApp } from './app.js';

const PATH = '/api/security-incidents';

const READER = { scopes: ['msp:read' as const] };

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ settings: { MASS_REVEAL_LIMIT: '2' } });
});
afterAll(() => t.close());

const client = async () => (await t.make('clients')).id;
const credential = async (given: Body = {}) => t.make('credentials', given);

/** Incidents of detections are opened after the answer. */
async function incidentsOf(words: string, count: number): Promise<Body[]> {
  for (let tries = 0; ; tries++) {
    const { body } = await t.http('GET', PATH, { query: { q: words, sort: 'id' } });
    if (body.items.length >= count || tries === 50) return body.items as Body[];
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}

/** All that anybody who sees the incident can read of it, except for the links. */
async function told(id: unknown): Promise<string> {
  const reader = await t.user(READER);
  const paths = ['', '/timeline', '/report', '/report?format=markdown'];
  const answers = await Promise.all(
    paths.map(one => t.http('GET', `${PATH}/${String(id)}${one}`, { token: reader.token })),
  );
  for (const one of answers) expect(one.status).toBe(200);
  const entries = await t.sql('SELECT name, details, changes FROM journal WHERE resource_id = ?', [
    String(id),
  ]);
  return `${answers.map(one => one.text).join('\n')}\n${JSON.stringify(entries)}`;
}

describe('an incident of a detection', () => {
  test('carries the client of the credential, and names it through the link alone', async () => {
    const client_id = await client();
    const one = await credential({ client_id, service_name: 'Hidden service', name: 'hidden-handle' });
    await t.change(
      "UPDATE credential_secrets SET sealed = REPLACE(sealed, 'v3.', 'v2.') WHERE credential_id = ?",
      [one.id],
    );
    expect((await t.http('GET', `/api/credentials/${one.id}`)).status).toBe(500);
    const [incident] = await incidentsOf('does not open', 1);
    expect(incident).toMatchObject({ client_id });
    expect(await told(incident?.id)).not.toMatch(/hidden/i);
    const links = await t.http('GET', `${PATH}/${String(incident?.id)}/credentials`);
    expect(links.body.items).toMatchObject([{ credential_id: one.id, service_name: 'Hidden service' }]);
  });

  test('is one for each client, with the credentials of that client', async () => {
    const [first, second] = [await client(), await client()];
    const ids = [
      await credential({ client_id: first }),
      await credential({ client_id: second }),
      await credential({ client_id: first }),
    ].map(one => one.id);
    const user = await t.user();
    for (const credential_id of ids)
      await t.make('credential-permissions', { credential_id, user_id: user.id, level: 'reveal' });
    const body = { ids, reason: 'all of them' };
    await t.http('POST', '/api/credentials/reveal', { token: user.token, body });
    const incidents = await incidentsOf(user.email, 2);
    expect(incidents.map(one => one.client_id)).toEqual([first, second]);
    const linked = async (id: unknown) =>
      (await t.http('GET', `${PATH}/${String(id)}/credentials`)).body.items.map(one => one.credential_id);
    expect(await linked(incidents[0]?.id)).toEqual([ids[0], ids[2]]);
    expect(await linked(incidents[1]?.id)).toEqual([ids[1]]);
  });
});

describe('deleting an affected credential', () => {
  let client_id: string;
  let incident: string;
  let affected: string;
  const status = (to: string) => t.http('PATCH', `${PATH}/${incident}`, { body: { status: to } });
  const report = async (token?: string) => {
    const answer = await t.http('GET', `${PATH}/${incident}/report`, { token, query: { format: 'json' } });
    expect([answer.status, answer.text]).toEqual([200, expect.anything()]);
    return answer.body.credentials as unknown as Body[];
  };
  const remove = () => t.http('DELETE', `/api/credentials/${affected}`);

  beforeAll(async () => {
    client_id = await client();
    incident = (await t.make('security-incidents', { client_id })).id;
    affected = (await credential({ client_id, service_name: 'Old mail' })).id;
    await t.http('PUT', `${PATH}/${incident}/credentials/${affected}`);
  });

  test('is 409 while an incident is unresolved, and archiving is not', async () => {
    for (const next of [undefined, 'contained', 'monitoring']) {
      if (next) await status(next);
      const refused = await remove();
      expect([refused.status, refused.body.error]).toEqual([409, expect.stringContaining('archive it')]);
    }
    const body = { archived_at: new Date().toISOString() };
    expect((await t.http('PATCH', `/api/credentials/${affected}`, { body })).status).toBe(200);
  });

  test('keeps its line in the report, for those who could see it', async () => {
    const [seer, other] = [await t.user(READER), await t.user(READER)];
    await t.make('credential-permissions', { credential_id: affected, user_id: seer.id, level: 'view' });
    const later = (await credential({ client_id, service_name: 'New mail' })).id;
    await t.http('PUT', `${PATH}/${incident}/credentials/${later}`);
    const before = await report();
    expect(before.map(one => one.service_name)).toEqual(['Old mail', 'New mail']);
    await t.http('PATCH', `${PATH}/${incident}`, { body: { outcome: 'benign' } });
    await status('resolved');
    expect((await remove()).status).toBe(204);
    expect(await report()).toEqual(before);
    expect((await report(seer.token)).map(one => one.service_name)).toEqual(['Old mail']);
    expect(await report(other.token)).toEqual([]);
  });
});
