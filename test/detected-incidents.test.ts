import { randomUUID } from 'node:crypto';
import { type Body, type Shown, startApp, type TestApp, type TestUser } from './app.js';
import { systemActor } from '../src/core/context/actor.js';
import { runAs } from '../src/core/context/request-context.js';
import { IncidentsService } from '../src/vault/incidents/incidents.service.js';

let t: TestApp;
let writer: TestUser;
let other: string;
beforeAll(async () => {
  t = await startApp();
  writer = await t.user({ scopes: ['msp:read', 'msp:write'] });
  other = (await t.make('clients')).id;
});
afterAll(() => t.close());

/** An incident as a watch opens it, with an affected credential that the writer sees. */
async function detected(suspect_id?: string): Promise<{ incident: Shown; credential: string }> {
  const credential = (await t.make('credentials', { owner_id: writer.id })).id;
  const { id } = await runAs(systemActor('test'), () =>
    t.app.get(IncidentsService).raise({
      key: `test:${randomUUID()}`,
      incident_type: 'unauthorized_access',
      severity: 'high',
      title: 'Secrets revealed in series',
      text: 'Twenty in a minute',
      credential_ids: [credential],
      suspect_id,
    }),
  );
  return { incident: (await t.http('GET', `/api/security-incidents/${id}`)).body, credential };
}
const patch = (id: string, body: Body, { token } = writer) =>
  t.http('PATCH', `/api/security-incidents/${id}`, { token, body });

test.each([
  ['client_id', () => other],
  ['client_id', () => null],
  ['incident_type', () => 'other'],
  ['severity', () => 'low'],
  ['title', () => 'Nothing'],
  ['incident_date', () => '2020-01-01'],
  ['detected_at', () => '2020-01-01T00:00:00.000Z'],
])('%s of what was detected is changed by administrators alone', async (field, value) => {
  const { incident, credential } = await detected();
  const refused = await patch(incident.id, { [field]: value(), findings: 'A drill' });
  expect([refused.status, refused.body.details]).toMatchObject([403, { scope: 'msp:admin', field }]);
  const put = await t.http('PUT', `/api/security-incidents/${incident.id}`, {
    token: writer.token,
    body: { [field]: value() },
  });
  expect(put.status).toBe(403);
  expect((await t.http('GET', `/api/security-incidents/${incident.id}`)).body).toEqual(incident);
  // A credential of the present client would keep an incident from moving.
  await t.http('DELETE', `/api/security-incidents/${incident.id}/credentials/${credential}`);
  const changed = await patch(incident.id, { [field]: value() }, t.admin);
  expect([changed.status, changed.body[field]]).toEqual([200, value()]);
});

test('everything else is worked on as in any other incident', async () => {
  const { incident } = await detected();
  const { title, severity } = incident;
  for (const body of [
    { title, severity, findings: 'A drill', outcome: 'benign' },
    { status: 'contained', root_cause: 'A drill' },
    { status: 'resolved' },
  ])
    expect([body, (await patch(incident.id, body)).status]).toEqual([body, 200]);
  const path = `/api/security-incidents/${incident.id}/reopen`;
  const reopened = await t.http('POST', path, { token: writer.token, body: { reason: 'Again' } });
  expect(reopened.status).toBe(200);
  const own = await t.make('security-incidents');
  expect((await patch(own.id, { severity: 'critical', title: 'Mine' })).status).toBe(200);
});

test('the credentials that it affects stay, unless an administrator takes them away', async () => {
  const { incident, credential } = await detected();
  const unlink = (id: string, { token }: TestUser) =>
    t.http('DELETE', `/api/security-incidents/${id}/credentials/${credential}`, { token });
  expect((await unlink(incident.id, writer)).status).toBe(403);
  const own = await t.make('security-incidents');
  await t.http('PUT', `/api/security-incidents/${own.id}/credentials/${credential}`);
  expect((await unlink(own.id, writer)).status).toBe(204);
  const linked = () => t.http('GET', `/api/security-incidents/${incident.id}/credentials`);
  expect((await linked()).body.items).toMatchObject([{ credential_id: credential }]);
  expect((await unlink(incident.id, t.admin)).status).toBe(204);
  const timeline = await t.http('GET', `/api/security-incidents/${incident.id}/timeline`);
  expect(timeline.body.items).toMatchObject([
    { kind: 'detection' },
    { kind: 'action', actor: t.admin.email, text: expect.stringContaining(credential) as string },
  ]);
});

test('the one whom it is about changes nothing of it, and others do', async () => {
  const { incident } = await detected(writer.id);
  const colleague = await t.user({ scopes: ['msp:read', 'msp:write'] });
  for (const body of [{ status: 'contained' }, { outcome: 'false_positive' }, { findings: 'A drill' }]) {
    const refused = await patch(incident.id, body);
    expect([body, refused.status, refused.body.details]).toMatchObject([body, 403, { scope: 'msp:admin' }]);
  }
  expect((await patch(incident.id, { status: 'contained' }, colleague)).status).toBe(200);
  expect((await patch(incident.id, { status: 'resolved' })).status).toBe(403);
  const resolved = { status: 'resolved', outcome: 'false_positive' };
  expect((await patch(incident.id, resolved, t.admin)).status).toBe(200);
  const path = `/api/security-incidents/${incident.id}/reopen`;
  const reopened = await t.http('POST', path, { token: writer.token, body: { reason: 'Again' } });
  expect(reopened.status).toBe(403);
});
