import { randomUUID } from 'node:crypto';
import type { Row } from '../src/core/database/sql.js';
import { type Answer, type Body, startApp, type TestApp, type TestUser } from './app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.close());

interface Attempt {
  what: string;
  method: string;
  path: (id: string, own: Own) => string;
  body?: (id: string, own: Own) => Body;
  status?: number;
  action: string;
}
/** Rows of whoever tries. */
interface Own {
  user: TestUser;
  incident: string;
  grant: string;
}

const grantOn = (id: string, { user }: Own) => ({ credential_id: id, user_id: user.id, level: 'view' });
const REASON = { reason: 'The mail server is down' };
const one = (id: string) => `/api/credentials/${id}`;
const GRANTS = '/api/credential-permissions';

/** Everything that can be tried with the id of a credential that one does not see. */
const ATTEMPTS: Attempt[] = [
  { what: 'reading', method: 'GET', path: one, action: 'credential.view' },
  { what: 'changing', method: 'PATCH', path: one, body: () => ({ notes: 'x' }), action: 'credential.update' },
  { what: 'replacing', method: 'PUT', path: one, body: () => ({ notes: 'x' }), action: 'credential.update' },
  { what: 'revealing', method: 'POST', path: id => `${one(id)}/reveal`, body: () => REASON, action: 'credential.reveal' },
  { what: 'revealing many', method: 'POST', path: () => '/api/credentials/reveal', body: id => ({ ids: [id], ...REASON }), status: 200, action: 'credential.reveal' },
  { what: 'asking for a code', method: 'GET', path: id => `${one(id)}/otp`, action: 'credential.view' },
  { what: 'listing versions', method: 'GET', path: id => `${one(id)}/versions`, action: 'credential.view' },
  { what: 'revealing a version', method: 'POST', path: id => `${one(id)}/versions/1/reveal`, body: () => REASON, action: 'credential.reveal' },
  { what: 'rotating', method: 'POST', path: id => `${one(id)}/rotate`, body: () => ({}), action: 'credential.rotate' },
  { what: 'reading as earlier', method: 'GET', path: id => `/credentials/${id}`, action: 'credential.view' },
  { what: 'reading as earlier, in short', method: 'GET', path: id => `/creds/${id}`, action: 'credential.view' },
  { what: 'granting', method: 'POST', path: () => GRANTS, body: grantOn, status: 422, action: 'credential_permission.create' },
  { what: 'granting in bulk', method: 'POST', path: () => `${GRANTS}/bulk`, body: (id, own) => ({ items: [grantOn(id, own)] }), status: 200, action: 'credential_permission.create' },
  { what: 'granting in an atomic bulk', method: 'POST', path: () => `${GRANTS}/bulk`, body: (id, own) => ({ items: [grantOn(id, own)], atomic: true }), status: 422, action: 'credential_permission.create' },
  { what: 'moving a grant to it', method: 'PATCH', path: (_id, { grant }) => `${GRANTS}/${grant}`, body: id => ({ credential_id: id }), status: 422, action: 'credential_permission.update' },
  { what: 'saying that an incident affects it', method: 'PUT', path: (id, { incident }) => `/api/security-incidents/${incident}/credentials/${id}`, action: 'security_incident.credentials_update' },
  { what: 'taking that back', method: 'DELETE', path: (id, { incident }) => `/api/security-incidents/${incident}/credentials/${id}`, action: 'security_incident.credentials_delete' },
]; // prettier-ignore

const refused = async (user: TestUser) =>
  (
    await t.sql<Row>("SELECT * FROM journal WHERE outcome = 'refused' AND actor_id = ? ORDER BY n", [user.id])
  ).map(row => ({ ...row, details: JSON.parse(String(row.details)) as Body }) as Row & { details: Body });

async function someone(): Promise<Own> {
  const user = await t.user({ scopes: ['msp:read', 'msp:write'] });
  const incident = await t.make('security-incidents', { client_id: null });
  const mine = await t.make('credentials', { owner_id: user.id });
  const grant = await t.make('credential-permissions', { credential_id: mine.id });
  return { user, incident: incident.id, grant: grant.id };
}

describe.each([
  ['of another', async () => (await t.make('credentials')).id],
  ['that does not exist', () => Promise.resolve(randomUUID())],
])('a credential %s', (_which, made) => {
  test.each(ATTEMPTS)('$what: refused, and on the record', async ({ method, path, body, status, action }) => {
    const [id, own] = [await made(), await someone()];
    const options = { token: own.user.token, body: body?.(id, own) };
    const answer: Answer = await t.http(method, path(id, own), options);
    expect(answer.status).toBe(status ?? 404);
    expect(await refused(own.user)).toMatchObject([
      { action, resource_type: 'credential', resource_id: id, actor_name: own.user.email },
    ]);
  });
});

test('grants that are not seen are on the record', async () => {
  const { id } = await t.make('credential-permissions');
  for (const method of ['GET', 'PATCH', 'DELETE']) {
    const { user } = await someone();
    const body = method === 'PATCH' ? { level: 'manage' } : undefined;
    expect((await t.http(method, `${GRANTS}/${id}`, { token: user.token, body })).status).toBe(404);
    expect(await refused(user)).toMatchObject([
      { resource_type: 'credential_permission', resource_id: id, details: { status: 404 } },
    ]);
  }
});

test.each([
  ['one by one', '', (item: Body) => item, 409],
  ['in bulk', '/bulk', (item: Body) => ({ items: [item] }), 200],
  ['in an atomic bulk', '/bulk', (item: Body) => ({ items: [item], atomic: true }), 409],
])('a handle that is taken is on the record, tried %s', async (_how, path, wrap, status) => {
  const { user } = await someone();
  const item = { ...(await t.body('credentials', { client_id: null })), name: 'taken' };
  const post = (to: string, body: Body) =>
    t.http('POST', `/api/credentials${to}`, { token: user.token, body });
  expect((await post('', item)).status).toBe(201);
  expect((await post(path, wrap(item))).status).toBe(status);
  expect(await refused(user)).toMatchObject([{ action: 'credential.create', details: { status: 409 } }]);
});
