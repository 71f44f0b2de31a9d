import { Units } from '../src/core/database/units.js';
import { IncidentsService } from '../src/vault/incidents/incidents.service.js';
import { type Body, startApp, type TestApp } from './app.js';

const PATH = '/api/security-incidents';

describe('security incidents and what they touch', () => {
  let t: TestApp;
  let client_id: string;
  beforeAll(async () => {
    t = await startApp();
    client_id = (await t.make('clients')).id;
  });
  afterAll(() => t.close());

  const incident = async (given: Body = {}) =>
    (await t.make('security-incidents', { client_id, ...given })).id;
  const credential = async (given: Body = {}) => (await t.make('credentials', { client_id, ...given })).id;
  const link = (id: string, other: string, token?: string) =>
    t.http('PUT', `${PATH}/${id}/credentials/${other}`, { token });
  const affected = async (id: string, token?: string) =>
    (await t.http('GET', `${PATH}/${id}/credentials`, { token })).body.items;
  const reasons = async (...ids: string[]) => {
    const told = new Map<string, string>();
    for (const id of ids) {
      const { body } = await t.http('GET', `/api/credentials/${id}`, { query: { reveal: 'false' } });
      if (body.needs_rotation) told.set(id, String(body.needs_rotation_reason));
    }
    return told;
  };
  const close = async (id: string) => {
    const body = { value: 'CANARY-rotated' };
    expect((await t.http('POST', `/api/credentials/${id}/rotate`, { body })).status).toBe(200);
  };
  const rotateAffected = (id: string, token?: string) =>
    t.http('POST', `${PATH}/${id}/rotate-affected`, { token });

  describe('affected credentials', () => {
    it('are linked once, and taken back', async () => {
      const [id, other] = [await incident(), await credential({ service_name: 'Mail' })];
      const first = await link(id, other);
      expect(first.status).toBe(200);
      expect(first.body).toMatchObject({ credential_id: other, service_name: 'Mail', needs_rotation: false });
      expect((await link(id, other)).body).toEqual(first.body);
      expect(await affected(id)).toEqual([first.body]);
      const remove = () => t.http('DELETE', `${PATH}/${id}/credentials/${other}`);
      expect([(await remove()).status, (await remove()).status]).toEqual([204, 404]);
      expect(await affected(id)).toEqual([]);
    });

    it('are linked once by many at the same time', async () => {
      const [id, other] = [await incident(), await credential()];
      const answers = await Promise.all(Array.from({ length: 8 }, () => link(id, other)));
      expect(answers.map(one => one.status)).toEqual(answers.map(() => 200));
      expect(new Set(answers.map(one => one.body.id)).size).toBe(1);
    });

    it('belong to the client of the incident, or to none', async () => {
      const foreign = await credential({ client_id: (await t.make('clients')).id });
      const id = await incident();
      expect((await link(id, foreign)).status).toBe(422);
      expect((await link(id, await credential({ client_id: null }))).status).toBe(200);
      const free = await incident({ client_id: null });
      expect((await link(free, foreign)).status).toBe(200);
      const moved = await t.http('PATCH', `${PATH}/${free}`, { body: { client_id } });
      expect([moved.status, moved.body.details.field]).toEqual([422, 'client_id']);
    });

    it('are named to those only who may see them', async () => {
      const reader = await t.user({ scopes: ['msp:read', 'msp:write'] });
      const id = await incident();
      const [hidden, granted] = [await credential(), await credential()];
      await t.make('credential-permissions', { credential_id: granted, user_id: reader.id, level: 'view' });
      expect((await link(id, hidden, reader.token)).status).toBe(404);
      expect((await link(id, granted, reader.token)).status).toBe(200);
      await link(id, hidden);
      expect((await affected(id)).map(row => row.credential_id)).toEqual([granted, hidden]);
      expect((await affected(id, reader.token)).map(row => row.credential_id)).toEqual([granted]);

      const marked = await rotateAffected(id, reader.token);
      expect(marked.body.items.map(row => row.credential_id)).toEqual([granted]);
      expect(marked.body.total).toBe(1);
      expect([...(await reasons(hidden, granted)).keys()].sort()).toEqual([hidden, granted].sort());
      const remove = await t.http('DELETE', `${PATH}/${id}/credentials/${hidden}`, { token: reader.token });
      expect(remove.status).toBe(404);
      const report = { query: { format: 'json' } };
      const told = async (token?: string) =>
        (await t.http('GET', `${PATH}/${id}/report`, { ...report, token })).body.credentials as Body[];
      expect([(await told()).length, (await told(reader.token)).length]).toEqual([2, 1]);
    });

    it('need rotation from the mark to the rotation', async () => {
      const id = await incident({ title: 'Mail theft' });
      const [one, two, other] = [await credential(), await credential(), await credential()];
      await link(id, one);
      await link(id, two);
      expect((await reasons(one, two, other)).size).toBe(0);
      const marked = await rotateAffected(id);
      expect([marked.status, marked.body.items.map(row => row.needs_rotation)]).toEqual([200, [true, true]]);
      expect(await reasons(one, two, other)).toEqual(
        new Map([
          [one, 'a security incident affects it'],
          [two, 'a security incident affects it'],
        ]),
      );

      await close(one);
      expect([...(await reasons(one, two)).keys()]).toEqual([two]);
      const [first] = await affected(id);
      expect(first).toMatchObject({ credential_id: one, needs_rotation: false });
      expect(Date.parse(String(first?.rotated_at))).toBeGreaterThanOrEqual(
        Date.parse(String(first?.marked_at)),
      );
      await rotateAffected(id);
      expect([...(await reasons(one, two)).keys()]).toEqual([two]);
      expect((await affected(id))[1]?.marked_at).toBe(marked.body.items[1]?.marked_at);
    });

    it('must be rotated anew after the incident was reopened', async () => {
      const [id, one] = [await incident(), await credential()];
      await link(id, one);
      await rotateAffected(id);
      await close(one);
      await t.http('PATCH', `${PATH}/${id}`, { body: { status: 'contained' } });
      await t.http('POST', `${PATH}/${id}/reopen`, { body: { reason: 'It is back' } });
      await rotateAffected(id);
      expect((await reasons(one)).size).toBe(1);
      expect(await affected(id)).toMatchObject([
        { credential_id: one, rotated_at: null, needs_rotation: true },
      ]);
    });

    it('tell of no incident that the reader may not see, and a changed secret closes them too', async () => {
      const id = await incident({ client_id: null, title: 'HIDDEN incident' });
      const one = await credential();
      await link(id, one);
      await rotateAffected(id);
      expect([...(await reasons(one)).values()].join()).not.toContain('HIDDEN');
      await t.http('PATCH', `/api/credentials/${one}`, { body: { password: 'CANARY-changed' } });
      expect((await reasons(one)).size).toBe(0);
      expect(await affected(id)).toMatchObject([{ rotated_at: expect.any(String) as string }]);
    });

    it('stand on the trail', async () => {
      const [id, one] = [await incident(), await credential()];
      await link(id, one);
      await rotateAffected(id);
      await close(one);
      const rows = await t.sql<{ action: string }>(
        'SELECT action, details FROM journal WHERE resource_id = ? ORDER BY n',
        [id],
      );
      expect(rows.map(row => row.action.replace('security_incident.', ''))).toEqual([
        'create',
        'credential_add',
        'rotate_affected',
        'credential_rotated',
      ]);
      const marks = await t.sql<{ details: string }>(
        "SELECT details FROM journal WHERE resource_id = ? AND action = 'credential.update'",
        [one],
      );
      expect(marks.map(row => (JSON.parse(row.details) as Body).incident_id)).toEqual([id]);
    });
  });

  it('goes with all that hangs on it', async () => {
    const [id, one] = [
      await incident({ aware_at: '2026-01-31T10:00:00Z', is_personal_data: true }),
      await credential(),
    ];
    await link(id, one);
    await rotateAffected(id);
    await t.http('POST', `${PATH}/${id}/timeline`, { body: { text: 'Seen' } });
    const writer = await t.user({ scopes: ['msp:read', 'msp:write'] });
    expect((await t.http('DELETE', `${PATH}/${id}`, { token: writer.token })).status).toBe(403);
    expect((await t.http('DELETE', `${PATH}/${id}`)).status).toBe(204);
    for (const table of ['incident_timeline', 'incident_credentials', 'incident_deadlines'])
      expect(await t.sql(`SELECT id FROM ${table} WHERE incident_id = ?`, [id])).toEqual([]);
    // What was demanded stays until the rotation.
    expect((await reasons(one)).size).toBe(1);
    const [entry] = await t.sql<{ details: string }>(
      "SELECT details FROM journal WHERE resource_id = ? AND action = 'security_incident.children_delete'",
      [id],
    );
    expect(JSON.parse(entry?.details ?? '{}')).toEqual({ timeline: 1, deadlines: 1, credential_ids: [one] });
  });

  it('is unknown on every route to those who may not see its client', async () => {
    const stranger = await t.user({ client_access: 'except', client_ids: [client_id] });
    const colleague = await t.user({ client_access: 'only', client_ids: [client_id] });
    const [id, one] = [await incident({ aware_at: '2026-01-31T10:00:00Z' }), await credential()];
    await link(id, one);
    const deadline = await t.http('POST', `${PATH}/${id}/deadlines`, { body: { template: 'nis2' } });
    const routes: [string, string, Body?][] = [
      ['GET', ''],
      ['PATCH', '', { severity: 'low' }],
      ['GET', '/timeline'],
      ['POST', '/timeline', { text: 'x' }],
      ['GET', '/credentials'],
      ['PUT', `/credentials/${one}`],
      ['GET', '/deadlines'],
      ['POST', '/deadlines', { label: 'x', due_at: '2026-02-01T00:00:00Z' }],
      ['PATCH', `/deadlines/${deadline.body.items[0]?.id}`, { reference: 'x' }],
      ['POST', '/rotate-affected'],
      ['GET', '/report'],
      ['PATCH', '', { status: 'contained' }],
      ['POST', '/reopen', { reason: 'x' }],
      ['DELETE', `/credentials/${one}`],
    ];
    for (const [method, path, body] of routes) {
      const as = (token: string) => t.http(method, `${PATH}/${id}${path}`, { body, token });
      expect([method, path, (await as(stranger.token)).status]).toEqual([method, path, 404]);
      expect([method, path, (await as(colleague.token)).status < 300]).toEqual([method, path, true]);
    }
    const listed = await t.http('GET', `${PATH}/by-status/investigating`, { token: stranger.token });
    expect(listed.body.items.some(row => row.client_id === client_id)).toBe(false);
  });

  describe('detections', () => {
    const raise = (key: string, more: { credential_ids?: string[] } = {}) =>
      t.app.get(IncidentsService).raise({
        key,
        incident_type: 'unauthorized_access',
        severity: 'high',
        title: 'Mass reveal',
        text: '25 reveals in 10 minutes',
        ...more,
      });
    const kinds = async (id: string) =>
      (await t.http('GET', `${PATH}/${id}/timeline`)).body.items.map(row => [
        row.kind,
        row.actor,
        row.actor_id,
      ]);

    it('open one incident while it is unresolved, and add to it', async () => {
      const one = await credential();
      const first = await raise('mass:1', { credential_ids: [one, one, t.admin.id] });
      expect(await raise('mass:1')).toEqual({ id: first.id, opened: false });
      expect((await raise('mass:2')).opened).toBe(true);
      expect(await kinds(first.id)).toEqual([
        ['detection', 'detection', null],
        ['detection', 'detection', null],
      ]);
      expect((await affected(first.id)).map(row => row.credential_id)).toEqual([one]);
      const set = (status: string) =>
        t.http('PATCH', `${PATH}/${first.id}`, { body: { status, outcome: 'benign' } });
      await set('contained');
      expect((await raise('mass:1')).opened).toBe(false);
      await set('resolved');
      const second = await raise('mass:1');
      expect(second.opened).toBe(true);
      // The newer one has the key now; the older one is reopened without it.
      const reopened = await t.http('POST', `${PATH}/${first.id}/reopen`, { body: { reason: 'x' } });
      expect(reopened.status).toBe(200);
      expect(await raise('mass:1')).toEqual({ id: second.id, opened: false });
    });

    it('do not show their keys', async () => {
      const { id } = await raise('mass:3');
      expect(Object.keys((await t.http('GET', `${PATH}/${id}`)).body)).not.toContain('open_detection');
      const body = await t.body('security-incidents', { open_detection: 'mass:3' });
      expect((await t.http('POST', PATH, { body })).status).toBe(422);
    });

    it('at the same time open one incident', async () => {
      for (let round = 0; round < 10; round++) {
        const all = await Promise.all(Array.from({ length: 8 }, () => raise(`mass:4:${round}`)));
        expect(all.filter(one => one.opened)).toHaveLength(1);
        expect(new Set(all.map(one => one.id)).size).toBe(1);
        expect(await kinds(all[0]?.id ?? '')).toHaveLength(8);
      }
    });
  });

  it('is opened by twenty failed logins for one user, once', async () => {
    const { email } = await t.user();
    const units = t.app.get(Units);
    const query = { incident_type: 'brute_force', q: email };
    const found = async () => (await t.http('GET', PATH, { query })).body.items;
    // The account is locked after each five failures; then the lock runs out.
    const fail = async (times: number) => {
      const body = { email, password: 'CANARY wrong' };
      for (let left = times; left > 0; left -= 5) {
        const guess = () => t.http('POST', '/api/auth/login', { token: null, body });
        const answers = await Promise.all(Array.from({ length: Math.min(left, 5) }, guess));
        expect(new Set(answers.map(one => one.status))).toEqual(new Set([401]));
        await units.run(() =>
          units.sql.change('UPDATE users SET locked_until = NULL WHERE email = ?', [email]),
        );
      }
    };
    const settled = async (test: (rows: Body[]) => Promise<boolean> | boolean) => {
      for (let tries = 0; tries < 100; tries++) {
        if (await test(await found())) return;
        await new Promise(resolve => setTimeout(resolve, 50));
      }
      throw new Error('The incident did not come');
    };
    await fail(19);
    expect(await found()).toEqual([]);
    await fail(1);
    await settled(rows => rows.length === 1);
    const [row] = await found();
    expect(row).toMatchObject({
      severity: 'medium',
      status: 'investigating',
      title: `Brute force against ${email}`,
    });
    const [entry] = await t.sql<{ actor_type: string }>(
      "SELECT actor_type FROM journal WHERE resource_id = ? AND action = 'security_incident.create'",
      [String(row?.id)],
    );
    expect(entry?.actor_type).toBe('system');

    const right = await t.http('POST', '/api/auth/login', {
      token: null,
      body: { email, password: t.admin.password },
    });
    expect(right.status).toBe(200);
    // Nineteen more, without their passwords being checked.
    await units.run(() => units.sql.change('UPDATE users SET failed_logins = 19 WHERE email = ?', [email]));
    await fail(1);
    const entries = async () => (await t.http('GET', `${PATH}/${row?.id}/timeline`)).body.total;
    await settled(async () => (await entries()) === 2);
    expect(await found()).toHaveLength(1);
  }, 120_000);
});
