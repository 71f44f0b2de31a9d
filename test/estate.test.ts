import { type Body, startApp, type TestApp } from './app.js';

describe('the estate', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp();
  });
  afterAll(() => t.close());

  const host = (hostname: string, parent?: { id: string }, more: Body = {}) =>
    t.make('infrastructure', { hostname, parent_host_id: parent?.id ?? null, ...more });
  const move = (row: { id: string }, parent: { id: string } | null) =>
    t.http('PATCH', `/api/infrastructure/${row.id}`, { body: { parent_host_id: parent?.id ?? null } });
  const dependents = async (row: { id: string }, query = '', token?: string) => {
    const answer = await t.http('GET', `/api/infrastructure/${row.id}/dependents${query}`, { token });
    expect(answer.status).toBe(200);
    return answer.body.items.map(one => one.hostname).sort();
  };

  it('lists everything that is hosted on a machine, at any depth', async () => {
    const metal = await host('metal');
    const vm = await host('vm', metal, { asset_type: 'virtual_machine' });
    await host('container-1', vm, { asset_type: 'container' });
    await host('container-2', vm, { asset_type: 'container', status: 'decommissioned' });
    await host('other metal');
    expect(await dependents(metal)).toEqual(['container-1', 'container-2', 'vm']);
    expect(await dependents(vm)).toEqual(['container-1', 'container-2']);
    expect(await dependents(metal, '?asset_type=container&status=active')).toEqual(['container-1']);
    const page = await t.http('GET', `/api/infrastructure/${metal.id}/dependents?limit=1`);
    expect(page.body).toMatchObject({ total: 3, limit: 1 });
  });

  it('refuses to host a machine on itself, directly or not', async () => {
    const top = await host('top');
    const middle = await host('middle', top);
    const bottom = await host('bottom', middle);
    for (const below of [top, middle, bottom]) {
      const answer = await move(top, below);
      expect([answer.status, answer.body.code, answer.body.details.field]).toEqual([
        409,
        'conflict',
        'parent_host_id',
      ]);
    }
    expect((await move(bottom, top)).status).toBe(200);
    expect((await move(top, null)).status).toBe(200);
    expect(await dependents(top)).toEqual(['bottom', 'middle']);
  });

  it('lets no two moves at once make a circle', async () => {
    for (let round = 0; round < 5; round++) {
      const [a, b] = [await host('a'), await host('b')];
      const answers = await Promise.all([move(a, b), move(b, a)]);
      expect(answers.map(one => one.status).sort()).toEqual([200, 409]);
    }
  });

  it('shows dependents of visible machines only, and those that are visible', async () => {
    const [client_id, shared] = [
      (await t.make('clients')).id,
      await host('shared', undefined, { client_id: null }),
    ];
    const own = await host('own', shared, { client_id });
    await host('foreign', shared);
    const some = await t.user({ client_access: 'except', client_ids: [await t.client()] });
    const only = await t.user({ client_access: 'only', client_ids: [client_id] });
    expect(await dependents(shared)).toEqual(['foreign', 'own']);
    expect(await dependents(shared, '', some.token)).toEqual(['own']);
    const path = (id: string) => `/api/infrastructure/${id}/dependents`;
    expect((await t.http('GET', path(shared.id), { token: only.token })).status).toBe(404);
    expect((await t.http('GET', path(own.id), { token: only.token })).status).toBe(200);
  });

  it('keeps what was hosted when the host goes', async () => {
    const gone = await host('gone');
    const left = await host('left', gone);
    const service = await t.make('services', { infrastructure_id: gone.id });
    expect((await t.http('DELETE', `/api/infrastructure/${gone.id}`)).status).toBe(204);
    const row = (await t.http('GET', `/api/infrastructure/${left.id}`)).body;
    expect(row).toMatchObject({ parent_host_id: null, version: 2 });
    expect((await t.http('GET', `/api/services/${service.id}`)).body.infrastructure_id).toBeNull();
  });

  it('goes with its client, and with nobody else', async () => {
    const client_id = (await t.make('clients')).id;
    const [row, other] = [await host('with client', undefined, { client_id }), await host('stays')];
    const service = await t.make('services', { client_id, infrastructure_id: row.id });
    expect((await t.http('DELETE', `/api/clients/${client_id}`)).status).toBe(409);
    expect((await t.http('DELETE', `/api/services/${service.id}`)).status).toBe(204);
    expect((await t.http('DELETE', `/api/clients/${client_id}`)).status).toBe(204);
    expect((await t.http('GET', `/api/infrastructure/${row.id}`)).status).toBe(404);
    expect((await t.http('GET', `/api/infrastructure/${other.id}`)).status).toBe(200);
  });

  it('refuses what belongs to another client', async () => {
    const foreign = await t.make('sites', { client_id: (await t.make('clients')).id });
    const body = await t.body('infrastructure', { site_id: foreign.id });
    const answer = await t.http('POST', '/api/infrastructure', { body });
    expect([answer.status, answer.body.details.field]).toEqual([422, 'site_id']);
  });

  it('does not say what keeps a device from moving: the actor may not see it', async () => {
    const [here, there] = [(await t.make('clients')).id, (await t.make('clients')).id];
    const { id } = await t.make('infrastructure', { client_id: here });
    await t.make('credentials', { client_id: here, infrastructure_id: id });
    const mover = await t.user({ client_access: 'only', client_ids: [here, there], scopes: ['msp:read', 'msp:write'] }); // prettier-ignore
    const answer = await t.http('PATCH', `/api/infrastructure/${id}`, {
      token: mover.token,
      body: { client_id: there, site_id: null },
    });
    expect([answer.status, answer.body.details.field]).toEqual([422, 'client_id']);
    expect(answer.text).not.toMatch(/credential/i);
  });

  it('knows its defaults and limits', async () => {
    expect(await host('defaults')).toMatchObject({
      status: 'active',
      has_gui: true,
      limitations: null,
      tags: [],
    });
    expect(await t.make('services')).toMatchObject({ protocol: 'https', status: 'running', port: null });
    for (const wrong of [
      { asset_type: null },
      { ip_address: '10.0.0.256' },
      { mac_address: 'no' },
      { purchased_on: '2026-02-30' },
    ]) {
      const answer = await t.http('POST', '/api/infrastructure', {
        body: await t.body('infrastructure', wrong),
      });
      expect([answer.status, answer.body.details.field]).toEqual([422, Object.keys(wrong)[0]]);
    }
    for (const port of [0, 65_536, '443']) {
      const answer = await t.http('POST', '/api/services', { body: await t.body('services', { port }) });
      expect(answer.status).toBe(422);
    }
  });

  it('knows a tenant of Microsoft 365 once, and tells nobody of one that he does not see', async () => {
    const client_id = (await t.make('clients')).id;
    const { tenant_id } = await t.make('m365-tenants');
    const again = await t.body('m365-tenants', { client_id, tenant_id: String(tenant_id).toUpperCase() });
    const taken = await t.http('POST', '/api/m365-tenants', { body: again });
    expect([taken.status, taken.body.details.field]).toEqual([409, 'tenant_id']);
    const only = await t.user({ client_access: 'only', client_ids: [client_id] });
    const unseen = await t.http('POST', '/api/m365-tenants', { body: again, token: only.token });
    expect([unseen.status, unseen.body.tenant_id]).toEqual([201, tenant_id]);
  });

  it('counts the licences of a tenant', async () => {
    const subscription_summary = { ENTERPRISEPACK: { total: 25, used: 26 } };
    expect(await t.make('m365-tenants', { subscription_summary })).toMatchObject({ subscription_summary });
    for (const wrong of [
      { E3: { total: 1 } },
      { E3: { total: -1, used: 0 } },
      { E3: 5 },
      [],
      { '<b>': { total: 1, used: 1 } },
    ]) {
      const body = await t.body('m365-tenants', { subscription_summary: wrong });
      expect((await t.http('POST', '/api/m365-tenants', { body })).status).toBe(422);
    }
  });

  it('knows a domain of a client once, by its name in the DNS', async () => {
    const client_id = await t.client();
    const made = await t.make('domains', { client_id, name: 'Acme.Example', expires_on: '2030-01-31' });
    expect(made).toMatchObject({ name: 'acme.example', auto_renew: false, registrar: null });
    const again = await t.http('POST', '/api/domains', { body: { client_id, name: 'ACME.example' } });
    expect([again.status, again.body.details.field]).toEqual([409, 'name']);
    const other = (await t.make('clients')).id;
    expect((await t.make('domains', { client_id: other, name: 'acme.example' })).name).toBe('acme.example');
    expect((await t.make('domains', { client_id, name: 'xn--bcher-kva.example' })).name).toMatch(/^xn--/);
    const long = `${'a'.repeat(64)}.example`;
    const wrong = ['acme', 'acme.example.', '-a.example', 'a_b.example', '10.0.0.1', 'bücher.example', `${long}`, 'a b.example', `${'a.'.repeat(126)}example`]; // prettier-ignore
    for (const name of wrong)
      expect([name, (await t.http('POST', '/api/domains', { body: { client_id, name } })).status]).toEqual([name, 422]); // prettier-ignore
  });
});
