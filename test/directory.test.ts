import { type Body, startApp, type TestApp } from './app.js';

describe('the directory', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp();
  });
  afterAll(() => t.close());

  const post = async (path: string, given: Body) =>
    t.http('POST', `/api/${path}`, { body: await t.body(path, given) });
  const fault = async (path: string, given: Body) => {
    const { status, body } = await post(path, given);
    return [status, body.details?.field];
  };

  describe('clients', () => {
    it.each([
      ['a line break', { syncro: 'A\n1' }],
      ['a command to a terminal', { syncro: '\u001b[31m' }],
      ['an invisible character in a key', { 'syn\u200bcro': '1' }],
      ['a text that is too long', { syncro: 'x'.repeat(501) }],
      ['what is no text', { syncro: 1 }],
    ])('refuse %s in external_refs', async (_, external_refs) => {
      expect(await fault('clients', { external_refs })).toEqual([422, 'external_refs']);
    });

    it('are archived by their status and by the moment alike', async () => {
      const at = '2026-02-01T08:00:00.000Z';
      const { id } = (await post('clients', {})).body;
      const after = async (body: Body) => {
        const answer = await t.http('PATCH', `/api/clients/${id}`, { body });
        const { status, archived_at } = answer.body;
        return answer.status === 200 ? [status, archived_at] : [answer.status, answer.body.details.field];
      };
      expect(await after({ status: 'archived' })).toEqual(['archived', expect.any(String)]);
      expect(await after({ status: 'paused' })).toEqual(['paused', null]);
      expect(await after({ archived_at: at })).toEqual(['archived', at]);
      expect(await after({ archived_at: null })).toEqual(['active', null]);
      expect(await after({ status: 'archived', archived_at: at })).toEqual(['archived', at]);
      expect(await after({ status: 'active', archived_at: null })).toEqual(['active', null]);
      expect(await after({ status: 'prospect', archived_at: at })).toEqual([422, 'archived_at']);
      expect((await post('clients', { archived_at: at })).body.status).toBe('archived');
      expect(await fault('clients', { status: 'archived', archived_at: null })).toEqual([422, 'archived_at']);
      const made = (await post('clients', { status: 'archived' })).body;
      const listed = (query: string) => t.http('GET', `/api/clients?id=${made.id}&${query}`);
      expect((await listed('status=archived')).body.total).toBe(1);
      expect((await listed('status__in=active,archived')).body.total).toBe(1);
      expect((await listed('archived=false&status=archived')).body.total).toBe(0);
      expect((await listed('')).body.total).toBe(0);
    });

    it('keep their currency in upper case, so that sums of it are one', async () => {
      const { id, currency } = (await post('clients', { currency: 'eur', default_hourly_rate: '60' })).body;
      expect(currency).toBe('EUR');
      const changed = (currency: string) => t.http('PATCH', `/api/clients/${id}`, { body: { currency } });
      expect((await changed(' chf ')).body.currency).toBe('CHF');
      expect((await changed('xyz')).status).toBe(422);
      for (const given of [{}, { currency: 'chf' }, { currency: 'Chf', hourly_rate: '60' }])
        await t.make('billable-time', { client_id: id, worked_minutes: 60, hourly_rate: null, ...given });
      const query = { client_id: id, currency: 'chf' };
      const { total } = (await t.http('GET', '/api/billable-time/summary', { query })).body;
      expect(total).toMatchObject({ entries: 3, amounts: [{ currency: 'CHF', amount: '180.00' }] });
    });

    it('take external_refs of any system', async () => {
      const external_refs = { syncro: '4711', Ärger: 'ßtraße 1' };
      expect((await post('clients', { external_refs })).body).toMatchObject({ external_refs });
    });
  });

  describe('sites', () => {
    it('have a name of their own within a client', async () => {
      await t.make('sites', { name: 'Head office' });
      expect(await fault('sites', { name: 'Head office' })).toEqual([409, 'name']);
      const other = (await t.make('clients')).id;
      expect((await post('sites', { name: 'Head office', client_id: other })).status).toBe(201);
    });

    it('take networks without host bits, and addresses', async () => {
      const dns_servers = ['10.20.0.53', '2001:db8::53'];
      const row = await t.make('sites', {
        network_subnet: '10.20.0.0/24',
        vpn_subnet: '2001:db8::/48',
        dns_servers,
      });
      expect(row).toMatchObject({ vpn_required: false, dns_servers });
      expect(await fault('sites', { network_subnet: '10.20.0.1/24' })).toEqual([422, 'network_subnet']);
      expect(await fault('sites', { gateway_ip: 'gateway' })).toEqual([422, 'gateway_ip']);
      expect(await fault('sites', { dns_servers: ['nowhere'] })).toEqual([422, 'dns_servers']);
      expect(await fault('sites', { timezone: 'Mars/Base' })).toEqual([422, 'timezone']);
    });
  });

  describe('contacts', () => {
    it('forget a site that goes, and go with their client', async () => {
      const client_id = (await t.make('clients')).id;
      const site = await t.make('sites', { client_id });
      const row = await t.make('contacts', { client_id, site_id: site.id });
      expect(row).toMatchObject({ role: 'technical', is_important: false });
      const path = `/api/contacts/${row.id}`;
      await t.http('DELETE', `/api/sites/${site.id}`);
      expect((await t.http('GET', path)).body).toMatchObject({ site_id: null, version: 2 });
      await t.http('DELETE', `/api/clients/${client_id}`);
      expect((await t.http('GET', path)).status).toBe(404);
      const told = await t.sql('SELECT action FROM journal WHERE resource_id = ? ORDER BY n', [row.id]);
      expect(told.map(one => one.action)).toEqual(['contact.create', 'contact.update', 'contact.delete']);
    });

    it('stand at a site of their own client', async () => {
      const foreign = await t.make('sites', { client_id: (await t.make('clients')).id });
      expect(await fault('contacts', { site_id: foreign.id })).toEqual([422, 'site_id']);
    });
  });

  describe('machines', () => {
    const put = (fingerprint: string, body: Body, token?: string) =>
      t.http('PUT', `/api/machines/by-fingerprint/${encodeURIComponent(fingerprint)}`, { body, token });

    it('tell of themselves: first a new row, then the same', async () => {
      const first = await put('print-1', { hostname: 'bench-1', installed_tools: { git: '2.50' } });
      expect(first.status).toBe(201);
      expect(first.body).toMatchObject({
        machine_fingerprint: 'print-1',
        machine_type: 'laptop',
        has_ssh: true,
      });
      const seen = Date.parse(first.body.last_seen_at as string);
      expect(Math.abs(Date.now() - seen)).toBeLessThan(60_000);
      const second = await put('print-1', { hostname: 'bench-2', machine_type: 'vm' });
      expect([second.status, second.headers.etag]).toEqual([200, '"2"']);
      expect(second.body).toMatchObject({
        id: first.body.id,
        hostname: 'bench-2',
        machine_type: 'vm',
        installed_tools: { git: '2.50' },
      });
      expect(Date.parse(second.body.last_seen_at as string)).toBeGreaterThanOrEqual(seen);
    });

    it('are one row when they tell twice at once', async () => {
      const answers = await Promise.all(
        Array.from({ length: 6 }, () => put('print-once', { hostname: 'once' })),
      );
      expect(answers.map(one => one.status).sort()).toEqual([200, 200, 200, 200, 200, 201]);
      expect(new Set(answers.map(one => one.body.id)).size).toBe(1);
      expect(await t.sql('SELECT id FROM machines WHERE hostname = ?', ['once'])).toHaveLength(1);
    });

    it('take over the row that was entered by hand, not that of another machine', async () => {
      const entered = await t.make('machines', { hostname: 'by-hand', machine_fingerprint: null });
      const taken = await put('print-hand', { hostname: 'by-hand' });
      expect([taken.status, taken.body.id]).toEqual([200, entered.id]);
      const other = await put('print-other', { hostname: 'by-hand' });
      expect([other.status, other.body.details.field]).toEqual([409, 'hostname']);
    });

    it('need a fingerprint, their own, and the scope to write', async () => {
      expect((await put('print-2', { hostname: 'a', machine_fingerprint: 'print-3' })).status).toBe(422);
      expect((await put('x'.repeat(501), { hostname: 'long' })).status).toBe(422);
      expect((await put('x'.repeat(500), { hostname: 'long' })).status).toBe(201);
      expect((await put('with space', { hostname: 'space' })).status).toBe(422);
      expect((await put('print-4', {})).status).toBe(422);
      expect((await put('print-4', { hostname: 'b', unknown: 1 })).status).toBe(422);
      const { token } = await t.user({ scopes: ['msp:read'] });
      expect((await put('print-5', { hostname: 'c' }, token)).status).toBe(403);
    });
  });
});
