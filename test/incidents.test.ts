import * as fc from 'fast-check';
import { addMonths, DEADLINES, dueAt } from '../src/vault/incidents/deadlines/deadline-templates.js';
import { type Answer, type Body, type Shown, startApp, type TestApp } from './app.js';

const PATH = '/api/security-incidents';
const STATUSES = ['investigating', 'contained', 'resolved', 'monitoring'] as const;
type Status = (typeof STATUSES)[number];

/** The way from the start to each status. */
const WAY: Record<Status, Status[]> = {
  investigating: [],
  contained: ['contained'],
  monitoring: ['contained', 'monitoring'],
  resolved: ['contained', 'resolved'],
};
const NEXT: Record<Status, Status[]> = {
  investigating: ['contained'],
  contained: ['resolved', 'monitoring'],
  monitoring: ['resolved'],
  resolved: [],
};

describe('security incidents', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp();
  });
  afterAll(() => t.close());

  const patch = (id: string, body: Body, headers?: Record<string, string>) =>
    t.http('PATCH', `${PATH}/${id}`, { body, headers });
  const post = (id: string, verb: string, body?: Body) => t.http('POST', `${PATH}/${id}/${verb}`, { body });
  const timeline = async (id: string) => (await t.http('GET', `${PATH}/${id}/timeline`)).body.items;
  const deadlines = async (id: string) => (await t.http('GET', `${PATH}/${id}/deadlines`)).body.items;

  async function incidentIn(status: Status, given: Body = {}): Promise<Shown> {
    let incident = await t.make('security-incidents', given);
    for (const step of WAY[status]) incident = (await patch(incident.id, { status: step })).body;
    expect(incident.status).toBe(status);
    return incident;
  }

  describe('its states', () => {
    const pairs = STATUSES.flatMap(from => STATUSES.map(to => [from, to] as const));

    it.each(pairs)('%s to %s', async (from, to) => {
      const before = await incidentIn(from);
      const { status, body } = await patch(before.id, { status: to });
      const kept = (await t.http('GET', `${PATH}/${before.id}`)).body;
      if (from === to || NEXT[from].includes(to)) {
        expect([status, body.status, kept.status]).toEqual([200, to, to]);
        expect(await timeline(before.id)).toHaveLength(WAY[from].length + (from === to ? 0 : 1));
      } else {
        expect([status, body.code, kept.status]).toEqual([409, 'conflict', from]);
        expect(body.details).toMatchObject({ field: 'status', resource_id: before.id, allowed: NEXT[from] });
        expect(kept.version).toBe(before.version);
      }
    });

    it.each(STATUSES)('is reopened from %s', async from => {
      const before = await incidentIn(from);
      expect((await post(before.id, 'reopen', {})).status).toBe(422);
      expect((await post(before.id, 'reopen', { reason: '  ' })).status).toBe(422);
      const { status, body, headers } = await post(before.id, 'reopen', { reason: 'It is back' });
      if (from === 'investigating')
        return expect([status, body.details.allowed]).toEqual([409, ['contained']]);
      expect(status).toBe(200);
      expect(body).toMatchObject({ status: 'investigating', contained_at: null, resolved_at: null });
      expect(headers.etag).toBe(`"${before.version + 1}"`);
      expect((await timeline(before.id)).at(-1)).toMatchObject({
        kind: 'reopened',
        text: 'It is back',
        client_visible: false,
        actor: t.admin.email,
        actor_id: t.admin.id,
      });
      const [entry] = await t.sql<{ details: string }>(
        "SELECT details FROM journal WHERE action = 'security_incident.reopen' AND resource_id = ?",
        [before.id],
      );
      expect(entry?.details).toContain('It is back');
      return expect((await patch(before.id, { status: 'contained' })).status).toBe(200);
    });

    it('sets its times by the transitions and by nothing else', async () => {
      const start = Date.now();
      const { id } = await t.make('security-incidents');
      const contained = (await patch(id, { status: 'contained' })).body;
      expect(Date.parse(String(contained.contained_at))).toBeGreaterThanOrEqual(start);
      expect(contained.resolved_at).toBeNull();
      const watched = (await patch(id, { status: 'monitoring' })).body;
      expect(watched).toMatchObject({ contained_at: contained.contained_at, resolved_at: null });
      const resolved = (await patch(id, { status: 'resolved' })).body;
      expect(resolved.contained_at).toBe(contained.contained_at);
      expect(Date.parse(String(resolved.resolved_at))).toBeGreaterThanOrEqual(start);
      for (const field of ['contained_at', 'resolved_at']) {
        const refused = await patch(id, { [field]: '2026-01-31T08:00:00Z' });
        expect([refused.status, refused.body.details.field]).toEqual([422, field]);
        const made = await t.http('POST', PATH, {
          body: await t.body('security-incidents', { [field]: '2026-01-31T08:00:00Z' }),
        });
        expect(made.status).toBe(422);
      }
      expect((await patch(id, resolved)).status).toBe(200);
    });

    it('is resolved once nothing is open, or by who says why that stays so', async () => {
      const client_id = await t.client();
      const { id } = await incidentIn('contained', {
        client_id,
        is_personal_data: true,
        aware_at: '2026-01-31T08:00:00.000Z',
      });
      const credential = await t.make('credentials', { client_id });
      await t.http('PUT', `${PATH}/${id}/credentials/${credential.id}`);
      const resolve = (more: Body = {}) => patch(id, { status: 'resolved', ...more });
      const refused = await resolve();
      const [gdpr] = await deadlines(id);
      expect([refused.status, refused.body.details.open]).toEqual([
        409,
        {
          deadlines: [{ id: gdpr?.id, label: gdpr?.label, due_at: gdpr?.due_at }],
          credential_ids: [credential.id],
          hidden_credentials: false,
        },
      ]);
      expect(refused.body.error).toContain('residual_risk');
      const writer = await t.user({ scopes: ['msp:read', 'msp:write'] });
      const unseen = await t.http('PATCH', `${PATH}/${id}`, {
        body: { status: 'resolved' },
        token: writer.token,
      });
      expect(unseen.body.details.open).toMatchObject({ credential_ids: [], hidden_credentials: true });
      const notified_at = '2026-02-02T08:00:00Z';
      await t.http('PATCH', `${PATH}/${id}/deadlines/${gdpr?.id}`, { body: { notified_at } });
      expect((await resolve()).body.details.open).toMatchObject({
        deadlines: [],
        credential_ids: [credential.id],
      });
      expect((await resolve({ outcome: 'true_positive' })).status).toBe(409);
      const known = await resolve({ residual_risk: 'The mailbox is closed; its password opens nothing' });
      expect([known.status, known.body.residual_risk]).toEqual([200, expect.stringContaining('mailbox')]);
      expect((await post(id, 'reopen', { reason: 'It is back' })).body.residual_risk).toBeNull();
      await patch(id, { status: 'contained' });
      expect((await resolve()).status).toBe(409);
      expect((await resolve({ outcome: 'benign' })).status).toBe(200);
      await post(id, 'reopen', { reason: 'It was real' });
      await patch(id, { status: 'contained', outcome: 'true_positive' });
      await t.http('POST', `/api/credentials/${credential.id}/rotate`, { body: {} });
      expect((await resolve()).status).toBe(200);
    });

    it('begins with the investigation', async () => {
      const body = await t.body('security-incidents', { status: 'contained' });
      const answer = await t.http('POST', PATH, { body });
      expect([answer.status, answer.body.details.allowed]).toEqual([409, ['investigating']]);
    });

    it('refuses a transition with a stale ETag', async () => {
      const { id } = await t.make('security-incidents');
      expect((await patch(id, { status: 'contained' }, { 'if-match': '"7"' })).status).toBe(412);
      expect(await timeline(id)).toEqual([]);
    });

    it('lists by status', async () => {
      const client_id = (await t.make('clients')).id;
      const one = await incidentIn('monitoring', { client_id });
      await incidentIn('contained', { client_id });
      const { status, body } = await t.http('GET', `${PATH}/by-status/monitoring`, { query: { client_id } });
      expect([status, body.items.map(row => row.id), body.total]).toEqual([200, [one.id], 1]);
      expect((await t.http('GET', `${PATH}/by-client/${client_id}`)).body.total).toBe(2);
      expect((await t.http('GET', `${PATH}/by-status/closed`)).status).toBe(422);
    });
  });

  it('is named by type and date when nobody names it', async () => {
    const given = { incident_type: 'data_breach', incident_date: '2026-02-28', title: undefined };
    expect((await t.make('security-incidents', given)).title).toBe('data breach 2026-02-28');
    expect((await t.make('security-incidents', { ...given, title: 'Leak' })).title).toBe('Leak');
  });

  it('takes tags', async () => {
    const { id } = await t.make('security-incidents', { tags: ['Canary-Mail'] });
    const found = await t.http('GET', PATH, { query: { tags: 'canary-mail' } });
    expect(found.body.items.map(row => [row.id, row.tags])).toEqual([[id, ['canary-mail']]]);
  });

  describe('its timeline', () => {
    it('is read in the order of what happened', async () => {
      const { id } = await t.make('security-incidents');
      const later = await post(id, 'timeline', {
        text: 'Mailbox locked',
        kind: 'action',
        client_visible: true,
      });
      const earlier = await post(id, 'timeline', { text: 'First mail', at: '2026-01-30T09:00:00+01:00' });
      expect([later.status, earlier.status]).toEqual([201, 201]);
      expect(earlier.body).toMatchObject({
        at: '2026-01-30T08:00:00.000Z',
        kind: 'note',
        client_visible: false,
      });
      expect(await timeline(id)).toEqual([earlier.body, later.body]);
      const shown = await t.http('GET', `${PATH}/${id}/timeline`, { query: { client_visible: true } });
      expect(shown.body.items.map(row => row.id)).toEqual([later.body.id]);
    });

    it('tells the transitions by itself, and takes no word for them', async () => {
      const { id } = await incidentIn('resolved');
      expect((await timeline(id)).map(row => [row.kind, row.text, row.client_visible])).toEqual([
        ['status', 'Status: investigating → contained', true],
        ['status', 'Status: contained → resolved', true],
      ]);
      for (const kind of ['status', 'reopened', 'detection'])
        expect((await post(id, 'timeline', { kind, text: 'x' })).status).toBe(422);
      expect((await post(id, 'timeline', { text: 'x', actor: 'somebody' })).status).toBe(422);
      expect((await post(id, 'timeline', {})).status).toBe(422);
    });

    it('only grows', async () => {
      const { id } = await t.make('security-incidents');
      const { body } = await post(id, 'timeline', { text: 'Seen' });
      for (const method of ['PUT', 'PATCH', 'DELETE']) {
        expect((await t.http(method, `${PATH}/${id}/timeline`, { body: {} })).status).toBe(405);
        expect((await t.http(method, `${PATH}/${id}/timeline/${body.id}`, { body: {} })).status).toBe(404);
      }
      expect(await timeline(id)).toEqual([body]);
    });
  });

  describe('deadline arithmetic', () => {
    it.each([
      ['2026-01-31T10:00:00.000Z', '2026-02-28T10:00:00.000Z'],
      ['2028-01-31T10:00:00.000Z', '2028-02-29T10:00:00.000Z'],
      ['2026-01-28T10:00:00.000Z', '2026-02-28T10:00:00.000Z'],
      ['2026-02-28T10:00:00.000Z', '2026-03-28T10:00:00.000Z'],
      ['2026-03-31T23:59:59.999Z', '2026-04-30T23:59:59.999Z'],
      ['2026-12-31T00:00:00.000Z', '2027-01-31T00:00:00.000Z'],
    ])('a month after %s is %s', (aware_at, due_at) => {
      const rule = DEADLINES.find(one => one.name === 'nis2_1_month');
      expect(rule && dueAt(aware_at, rule)).toBe(due_at);
    });

    it('keeps day and time, or takes the last day of a shorter month', () => {
      const moments = fc.date({
        min: new Date('1970-01-01'),
        max: new Date('9000-01-01'),
        noInvalidDate: true,
      });
      fc.assert(
        fc.property(moments, fc.integer({ min: 0, max: 40 }), (from, months) => {
          const to = addMonths(from, months);
          const month = from.getUTCFullYear() * 12 + from.getUTCMonth() + months;
          const last = new Date(Date.UTC(Math.floor(month / 12), (month % 12) + 1, 0)).getUTCDate();
          expect(to.getUTCFullYear() * 12 + to.getUTCMonth()).toBe(month);
          expect(to.getUTCDate()).toBe(Math.min(from.getUTCDate(), last));
          expect(to.toISOString().slice(10)).toBe(from.toISOString().slice(10));
        }),
      );
    });

    it('counts hours exactly', () => {
      const moments = fc.date({
        min: new Date('1970-01-01'),
        max: new Date('9000-01-01'),
        noInvalidDate: true,
      });
      fc.assert(
        fc.property(moments, fc.constantFrom(24, 72), (from, hours) => {
          const due = dueAt(from.toISOString(), { period: { hours } });
          expect(Date.parse(due) - from.getTime()).toBe(hours * 3_600_000);
        }),
      );
    });
  });

  describe('its deadlines', () => {
    const aware_at = '2026-01-31T10:00:00.000Z';
    const told = (rows: Body[]) => rows.map(row => [row.template, row.due_at]);
    const GDPR = ['gdpr_72h', '2026-02-03T10:00:00.000Z'];

    it('follow from personal data and from when it was known', async () => {
      const born = await t.make('security-incidents', { aware_at, is_personal_data: true });
      expect(told(await deadlines(born.id))).toEqual([GDPR]);
      const { id } = await t.make('security-incidents', { is_personal_data: true });
      expect(await deadlines(id)).toEqual([]);
      await patch(id, { aware_at });
      expect(told(await deadlines(id))).toEqual([GDPR]);
      await patch(id, { aware_at: '2026-01-30T10:00:00Z' });
      expect(told(await deadlines(id))).toEqual([['gdpr_72h', '2026-02-02T10:00:00.000Z']]);
      expect((await patch(id, { aware_at: null })).status).toBe(422);
      await patch(id, { is_personal_data: false });
      expect(await deadlines(id)).toEqual([]);
    });

    it('stay as they were once the notification was made', async () => {
      const { id } = await t.make('security-incidents', { aware_at, is_personal_data: true });
      const [gdpr] = await deadlines(id);
      const change = (body: Body) => t.http('PATCH', `${PATH}/${id}/deadlines/${gdpr?.id}`, { body });
      const notified = await change({ notified_at: '2026-02-01T09:30:00+01:00', reference: ' CASE-1 ' });
      expect(notified.body).toMatchObject({ notified_at: '2026-02-01T08:30:00.000Z', reference: 'CASE-1' });
      await patch(id, { aware_at: '2026-01-01T10:00:00Z', is_personal_data: false });
      expect(await deadlines(id)).toEqual([notified.body]);
      expect((await change({ reference: null })).body).toEqual({ ...notified.body, reference: null });
      expect((await change({ due_at: aware_at })).status).toBe(422);
      const elsewhere = (await t.make('security-incidents')).id;
      const answer = await t.http('PATCH', `${PATH}/${elsewhere}/deadlines/${gdpr?.id}`, { body: {} });
      expect(answer.status).toBe(404);
    });

    it('are made on request, from a template once or by hand', async () => {
      const { id } = await t.make('security-incidents', { aware_at });
      const nis2 = await post(id, 'deadlines', { template: 'nis2' });
      expect(nis2.status).toBe(201);
      expect(told(nis2.body.items)).toEqual([
        ['nis2_24h', '2026-02-01T10:00:00.000Z'],
        ['nis2_72h', '2026-02-03T10:00:00.000Z'],
        ['nis2_1_month', '2026-02-28T10:00:00.000Z'],
      ]);
      expect((await post(id, 'deadlines', { template: 'nis2' })).status).toBe(409);
      const own = await post(id, 'deadlines', { label: 'Insurer', due_at: '2026-02-02T00:00:00Z' });
      expect(own.body.items).toMatchObject([{ template: null, label: 'Insurer', notified_at: null }]);
      expect((await deadlines(id)).map(row => row.template)).toEqual([
        'nis2_24h',
        null,
        'nis2_72h',
        'nis2_1_month',
      ]);
    });

    it.each<[string, Body, string]>([
      ['nothing', {}, 'template'],
      ['a label alone', { label: 'Insurer' }, 'due_at'],
      ['a time alone', { due_at: aware_at }, 'label'],
      ['both ways at once', { template: 'gdpr', label: 'x', due_at: aware_at }, 'template'],
      ['an unknown template', { template: 'hipaa' }, 'template'],
      ['a template, while nobody is aware', { template: 'gdpr' }, 'template'],
    ])('refuse %s', async (_what, body, field) => {
      const { id } = await t.make('security-incidents');
      const answer: Answer = await post(id, 'deadlines', body);
      expect([answer.status, answer.body.details.field]).toEqual([422, field]);
    });
  });

  describe('its report', () => {
    it('holds what the client may read, and nothing else', async () => {
      const shown = {
        description: 'A mail\n# with a link',
        root_cause: 'No <b>MFA</b>',
        remediation_steps: 'MFA',
      };
      const client_id = await t.client();
      const { id } = await incidentIn('contained', { ...shown, client_id, findings: 'HIDDEN findings' });
      await post(id, 'timeline', { text: 'Mailbox *locked*', client_visible: true });
      await post(id, 'timeline', { text: 'HIDDEN note' });
      await post(id, 'reopen', { reason: 'HIDDEN reason' });
      await post(id, 'deadlines', { label: 'Insurer', due_at: '2026-02-02T08:00:00Z' });

      const json = await t.http('GET', `${PATH}/${id}/report`, { query: { format: 'json' } });
      expect(json.headers['content-type']).toContain('application/json');
      expect(json.body).toMatchObject({ ...shown, id, status: 'investigating', credentials: [] });
      expect((json.body.timeline as Body[]).map(one => one.text)).toEqual([
        'Status: investigating → contained',
        'Mailbox *locked*',
        'Status: contained → investigating',
      ]);

      const markdown = await t.http('GET', `${PATH}/${id}/report`, { query: { format: 'markdown' } });
      expect(markdown.headers['content-type']).toBe('text/markdown; charset=utf-8');
      expect(markdown.text).toContain('> A mail\n> \\# with a link\n');
      expect(markdown.text).toContain('> No \\<b\\>MFA\\</b\\>\n');
      expect(markdown.text).toContain('Mailbox \\*locked\\*\n');
      expect(markdown.text).toContain('- Insurer: due 2026-02-02 08:00 UTC\n');
      expect((await t.http('GET', `${PATH}/${id}/report`)).text).toBe(markdown.text);
      for (const { text } of [json, markdown]) {
        expect(text).not.toContain('HIDDEN');
        expect(text).not.toContain(t.admin.email);
      }
      expect((await t.http('GET', `${PATH}/${id}/report`, { query: { format: 'pdf' } })).status).toBe(422);
    });
  });
});
