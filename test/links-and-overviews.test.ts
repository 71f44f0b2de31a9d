import { randomUUID } from 'node:crypto';
import type { Schemas } from '../sdk/src/index.js';
import { type Shown, startApp, type TestApp } from './app.js';
import { entriesOf } from './harness/journal.js';
import { sdkOf } from './harness/sdk.js';

let t: TestApp;
let here: string;
let there: string;
beforeAll(async () => {
  t = await startApp();
  [here, there] = [(await t.make('clients')).id, (await t.make('clients')).id];
});
afterAll(() => t.close());

const ASSETS = ['infrastructure', 'services', 'networks', 'm365-tenants', 'sites'];
const link = (credential: { id: string }, resource: string, id: string, token?: string, method = 'PUT') =>
  t.http(method, `/api/credentials/${credential.id}/links/${resource}/${id}`, { token });
const linksOf = async (credential: { id: string }, token?: string) =>
  (await t.http('GET', `/api/credentials/${credential.id}/links`, { token })).body.items.map(
    one => one.resource_id,
  );
const linkedTo = async (resource: string, id: string, token?: string) => {
  const answer = await t.http('GET', '/api/credentials', {
    query: { linked_to: `${resource}:${id}` },
    token,
  });
  return answer.status === 200 ? answer.body.items.map(one => one.id) : answer.status;
};
const grant = (credential_id: string, user_id: string, level: string) =>
  t.http('POST', '/api/credential-permissions', { body: { credential_id, user_id, level } });

describe('links of credentials', () => {
  test('are with assets of five kinds, once each, on the trail of the credential', async () => {
    const credential = await t.make('credentials', { client_id: here });
    const ids: string[] = [];
    for (const path of ASSETS) {
      const { id } = await t.make(path, { client_id: here });
      ids.push(id);
      const many = await Promise.all(Array.from({ length: 5 }, () => link(credential, path, id)));
      expect(many.map(one => [one.status, one.text])).toEqual(many.map(() => [204, '']));
      expect(await linkedTo(path, id)).toEqual([credential.id]);
    }
    expect(await linksOf(credential)).toEqual(ids);
    expect((await link(credential, 'networks', ids[2]!, undefined, 'DELETE')).status).toBe(204);
    expect((await link(credential, 'networks', ids[2]!, undefined, 'DELETE')).status).toBe(204);
    // What goes takes its link along.
    expect((await t.http('DELETE', `/api/sites/${ids[4]}`)).status).toBe(204);
    expect(await linksOf(credential)).toEqual([ids[0], ids[1], ids[3]]);
    const told = (await entriesOf(t, credential.id)).filter(one => /^credential\..*link/.test(one.action));
    expect(
      told.map(one => [one.action, one.details.resource, one.details.resource_id, one.client_id]),
    ).toEqual([
      ...ASSETS.map((path, n) => ['credential.link', path, ids[n], here]),
      ['credential.unlink', 'networks', ids[2], here],
      ['credential.unlink', 'sites', ids[4], here],
    ]);
    expect((await t.http('DELETE', `/api/credentials/${credential.id}`)).status).toBe(204);
    expect(await t.sql('SELECT id FROM credential_links')).toEqual([]);
  });

  test('are found by the filter as the fields are, and nothing else is', async () => {
    const { id } = await t.make('infrastructure', { client_id: here });
    const named = await t.make('credentials', { client_id: here, infrastructure_id: id });
    const linked = await t.make('credentials', { client_id: here });
    await link(linked, 'infrastructure', id);
    expect(await linkedTo('infrastructure', id)).toEqual([linked.id, named.id]);
    for (const wrong of [`infrastructure:${id}:x`, `clients:${id}`, 'networks:1', id])
      expect((await t.http('GET', '/api/credentials', { query: { linked_to: wrong } })).status).toBe(422);
  });

  test('stay within a client, wherever either of them goes', async () => {
    const credential = await t.make('credentials', { client_id: here });
    const foreign = await t.make('networks', { client_id: there });
    const refused = await link(credential, 'networks', foreign.id);
    expect([refused.status, refused.body.details.field]).toEqual([422, 'network_id']);
    const own = await t.make('networks', { client_id: here });
    await link(credential, 'networks', own.id);
    const move = async (path: string, { id }: Shown) => {
      const answer = await t.http('PATCH', `/api/${path}/${id}`, { body: { client_id: there } });
      return [answer.status, answer.body.details?.field];
    };
    expect(await move('networks', own)).toEqual([422, 'client_id']);
    expect(await move('credentials', credential)).toEqual([422, 'network_id']);
    await link(credential, 'networks', own.id, undefined, 'DELETE');
    expect(await move('credentials', credential)).toEqual([200, undefined]);
  });

  test('are made by who manages the credential, with what they see', async () => {
    const credential = await t.make('credentials', { client_id: here });
    const [own, foreign] = [await t.make('services', { client_id: here }), await t.make('services', { client_id: there })]; // prettier-ignore
    const scopes = ['msp:read', 'msp:write'] as const;
    const user = await t.user({ scopes: [...scopes], client_access: 'only', client_ids: [here] });
    const tried = async (path: string, id: string) => (await link(credential, path, id, user.token)).status;
    expect(await tried('services', own.id)).toBe(404);
    await grant(credential.id, user.id, 'reveal');
    expect(await tried('services', own.id)).toBe(403);
    // The right comes before what there is: no oracle.
    expect([await tried('services', foreign.id), await tried('clients', here)]).toEqual([403, 403]);
    await grant(credential.id, user.id, 'manage');
    expect([await tried('services', foreign.id), await tried('services', randomUUID())]).toEqual([404, 404]);
    expect([await tried('clients', here), await tried('services', own.id)]).toEqual([404, 204]);
  });

  test('with what somebody does not see are not told to them', async () => {
    const user = await t.user({ scopes: ['msp:read'], client_access: 'except', client_ids: [there] });
    const shared = await t.make('credentials', { client_id: null, visibility: 'pool' });
    await grant(shared.id, user.id, 'view');
    const [seen, hidden] = [await t.make('sites', { client_id: here }), await t.make('sites', { client_id: there })]; // prettier-ignore
    for (const { id } of [seen, hidden]) expect((await link(shared, 'sites', id)).status).toBe(204);
    expect(await linksOf(shared, user.token)).toEqual([seen.id]);
    expect(await linkedTo('sites', hidden.id)).toEqual([shared.id]);
    expect([await linkedTo('sites', seen.id, user.token), await linkedTo('sites', hidden.id, user.token)]).toEqual([[shared.id], []]); // prettier-ignore
  });
});

type Part = Schemas['OverviewOfResource'];
const ofClient = async (id: string, token = t.admin.token) =>
  (await sdkOf(t.app, token).GET('/api/clients/{id}/overview', { params: { path: { id } } })).data;
const ofHost = async (id: string, token = t.admin.token) =>
  (await sdkOf(t.app, token).GET('/api/infrastructure/{id}/overview', { params: { path: { id } } })).data;
const totals = (parts: Part[]) => parts.filter(one => one.total > 0).map(one => [one.resource, one.total]);

describe('overviews', () => {
  test('of a client count and show everything of it that the caller sees', async () => {
    const client_id = (await t.make('clients')).id;
    const device = await t.make('infrastructure', { client_id });
    await t.make('firewall-rules', { infrastructure_id: device.id });
    const made: Shown[] = [];
    for (let n = 0; n < 7; n++) made.push(await t.make('sites', { client_id, name: `Site ${n}` }));
    const credential = await t.make('credentials', { client_id });
    await t.make('credentials', { client_id, archived_at: '2026-01-01T00:00:00Z' });
    const { resources } = await ofClient(client_id);
    expect(totals(resources)).toEqual([['credentials', 1], ['firewall-rules', 1], ['infrastructure', 1], ['sites', 7]]); // prettier-ignore
    const sites = resources.find(one => one.resource === 'sites');
    expect(sites?.newest.map(one => one.name)).toEqual([6, 5, 4, 3, 2].map(n => `Site ${n}`));
    const user = await t.user({ scopes: ['msp:read'], client_access: 'only', client_ids: [client_id] });
    const limited = await ofClient(client_id, user.token);
    expect(totals(limited.resources).map(([path]) => path)).not.toContain('credentials');
    await grant(credential.id, user.id, 'view');
    const granted = await ofClient(client_id, user.token);
    expect(totals(granted.resources)).toContainEqual(['credentials', 1]);
    expect(JSON.stringify(granted)).not.toMatch(/CANARY/);
    const foreign = await t.user({ client_access: 'except', client_ids: [client_id] });
    await expect(ofClient(client_id, foreign.token)).rejects.toMatchObject({ status: 404 });
  });

  test('of a machine say what runs on it, who logs in and what is wrong, linked credentials too', async () => {
    const client_id = (await t.make('clients')).id;
    const host = await t.make('infrastructure', { client_id });
    await t.make('infrastructure', { client_id, parent_host_id: host.id });
    await t.make('services', { client_id, infrastructure_id: host.id });
    const linked = await t.make('credentials', { client_id });
    await link(linked, 'infrastructure', host.id);
    const named = await t.make('credentials', { client_id, infrastructure_id: host.id });
    await t.make('security-incidents', { client_id, infrastructure_id: host.id });
    await t.make('problem-solutions', { client_id, infrastructure_id: host.id });
    await t.make('environmental-insights', { client_id, infrastructure_id: host.id });
    await t.make('firewall-rules', { infrastructure_id: host.id });
    const change = { change_type: 'dns', target_system: 'ns1', infrastructure_id: host.id };
    await t.make('infrastructure-changes', { client_id, ...change });
    const { runs, access, changes, problems, more } = await ofHost(host.id);
    expect(totals(runs)).toEqual([['infrastructure', 1], ['services', 1]]); // prettier-ignore
    expect(access[0]?.newest.map(one => one.id)).toEqual([named.id, linked.id]);
    expect(changes.flatMap(one => one.newest.map(({ name }) => name))).toEqual(['dns ns1']);
    expect(totals(problems)).toEqual([['environmental-insights', 1], ['problem-solutions', 1], ['security-incidents', 1]]); // prettier-ignore
    expect(totals(more)).toEqual([['firewall-rules', 1]]);
    const user = await t.user({ scopes: ['msp:read'], client_access: 'only', client_ids: [client_id] });
    expect(totals((await ofHost(host.id, user.token)).access)).toEqual([]);
  });

  test('ask as often of many rows as of few, and count to 10,000', async () => {
    const client_id = (await t.make('clients')).id;
    const { connections } = t.opened.database;
    const [counted, select] = [[0], connections.scanner.select.bind(connections.scanner)];
    connections.scanner.select = (text, values) => {
      counted[0] = (counted[0] ?? 0) + 1;
      return select(text, values);
    };
    const statements = async () => {
      counted[0] = 0;
      const { resources } = await ofClient(client_id);
      return { asked: counted[0], sites: resources.find(one => one.resource === 'sites') };
    };
    const few = await statements();
    const { id } = await t.make('sites', { client_id });
    const names = Object.keys((await t.sql('SELECT * FROM sites WHERE id = ?', [id]))[0] ?? {});
    const copied = names.map(name => (name === 'id' ? 'fresh.id' : name === 'name_key' ? 'NULL' : name));
    for (let from = 0; from < 11_000; from += 500) {
      const ids = Array.from({ length: 500 }, () => `SELECT '${randomUUID()}' AS id`).join(' UNION ALL ');
      await t.change(
        `INSERT INTO sites (${names.join(', ')}) SELECT ${copied.map(name => (name.includes('.') || name === 'NULL' ? name : `sites.${name}`)).join(', ')} FROM sites, (${ids}) fresh WHERE sites.id = ?`,
        [id],
      );
    }
    const many = await statements();
    expect(many.sites).toMatchObject({ total: 10_000, total_capped: true });
    // The total of one resource is counted now; before, its page said it all.
    expect(many.asked - few.asked).toBe(1);
  });
});
