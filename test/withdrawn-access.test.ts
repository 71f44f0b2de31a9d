import { type Answer, type Body, type Shown, startApp, type TestApp, type TestUser } from './app.js';

/** `?rotate=revealed`: what somebody has revealed and may not reveal any more is demanded to be rotated in the same call. */
let t: TestApp;
beforeAll(async () => {
  t = await startApp({ settings: { MASS_REVEAL_LIMIT: '0' } });
});
afterAll(() => t.close());

const credential = (client_id: string): Promise<Shown> =>
  t.make('credentials', { client_id, service_name: 'Portal', password: `CANARY ${Math.random()}` });
const reveal = async (id: string, token: string) => {
  const answer = await t.http('POST', `/api/credentials/${id}/reveal`, {
    token,
    body: { reason: 'a ticket' },
  });
  expect(answer.status).toBe(200);
};
const grant = (user: TestUser, given: Body, level = 'reveal') =>
  t.make('credential-permissions', { user_id: user.id, level, ...given });
const technician = (more: object = {}) => t.user({ scopes: ['msp:read', 'msp:write'], ...more });

const withdraw = (method: string, path: string, body?: Body, query: Record<string, string> = { rotate: 'revealed' }, token?: string) =>
  t.http(method, `/api/${path}`, { body, query, token }); // prettier-ignore
const counts = ({ headers }: Answer) =>
  ['demanded', 'demanded-before', 'remaining'].map(name => headers[`x-opskeep-rotations-${name}`]);
const wanted = async (...ids: string[]) =>
  Promise.all(
    ids.map(async id => (await t.http('GET', `/api/credentials/${id}?reveal=false`)).body.rotation_demand),
  );

/** Two credentials of two clients, which the user may reveal and has. */
async function seen(user: TestUser): Promise<{ clients: string[]; ids: string[]; grants: Shown[] }> {
  const clients = await Promise.all([1, 2].map(async () => (await t.make('clients')).id));
  const ids: string[] = [];
  const grants: Shown[] = [];
  for (const client_id of clients) {
    const { id } = await credential(client_id);
    ids.push(id);
    grants.push(await grant(user, { credential_id: id }));
    await reveal(id, user.token);
  }
  return { clients, ids, grants };
}
const WHY = (user: TestUser) => `Access of ${user.email} was withdrawn`;

test('a grant that is revoked, lowered or ends: what it was for, and nothing else', async () => {
  const user = await technician();
  const { ids, grants, clients } = await seen(user);
  const path = `credential-permissions/${grants[0]!.id}`;
  const lowered = await withdraw('PATCH', path, { level: 'view' });
  expect([lowered.status, counts(lowered)]).toEqual([200, ['1', '0', '0']]);
  expect(await wanted(...ids)).toEqual([WHY(user), null]);
  // He holds another right to the second one.
  await grant(user, { client_id: clients[1] });
  const kept = await withdraw('DELETE', `credential-permissions/${grants[1]!.id}`);
  // What went before, and wants to be rotated already, is counted as that.
  expect([kept.status, counts(kept)]).toEqual([204, ['0', '1', '0']]);
  const again = await withdraw('DELETE', path);
  expect(counts(again)).toEqual(['0', '1', '0']);
  const body = { user_id: user.id, client_id: clients[1], level: 'view' };
  const made = await withdraw('POST', 'credential-permissions', body);
  expect([made.status, counts(made)]).toEqual([201, ['1', '1', '0']]);
  expect(await wanted(...ids)).toEqual([WHY(user), WHY(user)]);
  const entries = await t.sql<{ details: string; request_id: string }>("SELECT details, request_id FROM journal WHERE resource_id = ? AND action = 'credential.update'", [ids[1] ?? '']); // prettier-ignore
  expect(entries.map(one => one.request_id)).toEqual([made.headers['x-request-id']]);
  expect(entries[0]!.details).toContain(`user ${user.id}`);
});

test('what others had by the one who lost it goes along', async () => {
  const [chief, other] = [await technician(), await technician()];
  const client_id = (await t.make('clients')).id;
  const { id } = await credential(client_id);
  const given = await grant(chief, { client_id }, 'manage');
  const body = { user_id: other.id, credential_id: id, level: 'reveal' };
  expect((await t.http('POST', '/api/credential-permissions', { token: chief.token, body })).status).toBe(
    201,
  );
  await reveal(id, other.token);
  expect(counts(await withdraw('DELETE', `credential-permissions/${given.id}`))).toEqual(['1', '0', '0']);
  expect(await wanted(id)).toEqual([WHY(other)]);
});

test('a user whose clients or scopes become fewer, who is disabled, or deleted', async () => {
  const user = await technician();
  const { ids, clients } = await seen(user);
  const change = (body: Body) => withdraw('PATCH', `users/${user.id}`, body);
  expect(counts(await change({ name: 'Another Name' }))).toEqual(['0', '0', '0']);
  const fewer = await change({ client_access: 'except', client_ids: [clients[0]] });
  expect([fewer.status, counts(fewer)]).toEqual([200, ['1', '0', '0']]);
  expect(await wanted(...ids)).toEqual([WHY(user), null]);
  const disabled = await change({ is_active: false });
  expect(counts(disabled)).toEqual(['1', '1', '0']);
  expect(await wanted(...ids)).toEqual([WHY(user), WHY(user)]);

  const reader = await technician();
  const { ids: read } = await seen(reader);
  expect(counts(await withdraw('PATCH', `users/${reader.id}`, { scopes: ['msp:write'] }))).toEqual([
    '2',
    '0',
    '0',
  ]);
  expect(await wanted(...read)).toEqual([WHY(reader), WHY(reader)]);

  const leaver = await technician();
  const { ids: left } = await seen(leaver);
  await t.http('POST', `/api/credentials/${left[0]}/rotate`, { body: {} });
  const deleted = await withdraw('DELETE', `users/${leaver.id}`);
  expect([deleted.status, counts(deleted)]).toEqual([204, ['1', '0', '0']]);
  expect(await wanted(...left)).toEqual([null, WHY(leaver)]);
});

test('an access token that is revoked: what it has shown', async () => {
  const { id } = await credential((await t.make('clients')).id);
  const other = await credential((await t.make('clients')).id);
  await reveal(other.id, t.admin.token);
  const made = await t.make('access-tokens', {
    name: 'Deploy', scopes: ['msp:read'], credential_ids: [id], actions: ['reveal'],
  }); // prettier-ignore
  await reveal(id, String(made.token));
  const revoked = await withdraw('DELETE', `access-tokens/${made.id}`);
  expect([revoked.status, counts(revoked)]).toEqual([204, ['1', '0', '0']]);
  expect(await wanted(id, other.id)).toEqual(['Access of the access token Deploy was withdrawn', null]);
});

test('without the right to demand rotations it is refused as a whole, and so is anything but revealed', async () => {
  const chief = await technician();
  const user = await technician();
  const client_id = (await t.make('clients')).id;
  const { id } = await credential(client_id);
  await grant(chief, { client_id }, 'manage');
  const given = await grant(user, { credential_id: id });
  await reveal(id, user.token);
  const path = `credential-permissions/${given.id}`;
  expect((await withdraw('DELETE', path, undefined, undefined, chief.token)).status).toBe(403);
  const token = await t.make('access-tokens', {
    name: 'All',
    scopes: ['msp:read', 'msp:write', 'msp:admin'],
  });
  expect((await withdraw('DELETE', path, undefined, undefined, String(token.token))).status).toBe(403);
  for (const rotate of ['all', '', 'REVEALED'])
    expect((await withdraw('DELETE', path, undefined, { rotate })).status).toBe(422);
  expect((await t.http('GET', `/api/${path}`)).status).toBe(200);
  expect(await wanted(id)).toEqual([null]);
  for (const [method, other] of [['PATCH', `clients/${client_id}`], ['DELETE', `clients/${client_id}`], ['POST', 'users']] as const)
    expect((await withdraw(method, other, {})).status).toBe(422); // prettier-ignore
  // Without it nothing is demanded, and nobody needs the right to.
  const plain = await withdraw('DELETE', path, undefined, {}, chief.token);
  expect([plain.status, counts(plain)]).toEqual([204, [undefined, undefined, undefined]]);
  expect(await wanted(id)).toEqual([null]);
});

test('a demand that cannot be made leaves the access as it was', async () => {
  const user = await technician();
  const { ids, grants } = await seen(user);
  const trigger = t.opened.database.connections.dialect === 'sqlite'
    ? ["CREATE TRIGGER no_demand BEFORE UPDATE ON credentials BEGIN SELECT RAISE(ABORT, 'no'); END", 'DROP TRIGGER no_demand']
    : ["CREATE TRIGGER no_demand BEFORE UPDATE ON credentials FOR EACH ROW SIGNAL SQLSTATE '45000'", 'DROP TRIGGER no_demand']; // prettier-ignore
  await t.change(trigger[0] ?? '');
  try {
    expect(
      (await withdraw('DELETE', `credential-permissions/${grants[0]!.id}`)).status,
    ).toBeGreaterThanOrEqual(400);
  } finally {
    await t.change(trigger[1] ?? '');
  }
  expect((await t.http('GET', `/api/credential-permissions/${grants[0]!.id}`)).status).toBe(200);
  expect(await wanted(...ids)).toEqual([null, null]);
});
