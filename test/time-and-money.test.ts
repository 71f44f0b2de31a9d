import { type Answer, type Body, type Shown, startApp, type TestApp, type TestUser } from './app.js';
import { entriesOf } from './harness/journal.js';

describe('time and money', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp({ settings: { DEFAULT_HOURLY_RATE: '80' } });
  });
  afterAll(() => t.close());

  const client = (given: Body = {}) => t.make('clients', { default_hourly_rate: '99.99', ...given });
  const body = (client_id: string, given: Body = {}): Body => {
    const work = { work_date: '2026-01-31', worked_minutes: 45, labour_type: 'remote' };
    return { client_id, ...work, ...given };
  };
  const post = (client_id: string, given: Body = {}, token?: string) =>
    t.http('POST', '/api/billable-time', { body: body(client_id, given), token });
  const time = async (client_id: string, given: Body = {}, token?: string): Promise<Shown> => {
    const answer = await post(client_id, given, token);
    expect([answer.status, answer.text]).toEqual([201, answer.text]);
    return answer.body;
  };
  const rule = (client_id: string | null, given: Body = {}) =>
    t.http('POST', '/api/rate-rules', { body: { client_id, ...given } });
  const patch = (id: string, given: Body, token?: string) =>
    t.http('PATCH', `/api/billable-time/${id}`, { body: given, token });
  const act = (id: string, verb: string, token?: string) =>
    t.http('POST', `/api/billable-time/${id}/${verb}`, { token });
  const all = async (client_id: string) =>
    (await t.http('GET', '/api/billable-time', { query: { client_id, sort: 'id' } })).body.items;
  const minutes = async (client_id: string) => (await all(client_id)).map(one => one.billable_minutes);
  const price = ({ hourly_rate, rate_source, multiplier, amount, currency }: Shown | Answer['body']) =>
    [hourly_rate, rate_source, multiplier, amount, currency]; // prettier-ignore
  const workItem = async (client_id: string) => {
    const session_id = (await t.make('sessions', { client_id })).id;
    return { session_id, work_item_id: (await t.make('work-items', { session_id })).id };
  };
  const hourly = { increment_minutes: 60, rounding: 'up' };

  describe('what an hour costs', () => {
    test('entry, the most specific rule, client, settings; kept as it was', async () => {
      const { id } = await client({ currency: 'EUR' });
      expect(price(await time(id))).toEqual(['99.99', 'client', '1.00', '74.99', 'EUR']);
      await rule(null, { labour_type: 'travel', hourly_rate: '50' });
      expect(price(await time(id, { labour_type: 'travel' }))).toEqual([
        '50.00',
        'rule',
        '1.00',
        '37.50',
        'EUR',
      ]);
      const wide = (await rule(id, { hourly_rate: '60' })).body;
      expect(price(await time(id, { labour_type: 'travel' }))).toEqual([
        '60.00',
        'rule',
        '1.00',
        '45.00',
        'EUR',
      ]);
      await rule(id, { labour_type: 'travel', hourly_rate: '70', valid_to: '2026-01-31' });
      const kept = await time(id, { labour_type: 'travel' });
      expect(price(kept)).toEqual(['70.00', 'rule', '1.00', '52.50', 'EUR']);
      const later = await time(id, { labour_type: 'travel', work_date: '2026-02-01' });
      expect(later.hourly_rate).toBe('60.00');
      const own = await time(id, { hourly_rate: '200.1' });
      expect(price(own)).toEqual(['200.10', 'entry', '1.00', '150.08', 'EUR']);
      await t.http('PATCH', `/api/rate-rules/${wide.id}`, { body: { hourly_rate: '61' } });
      expect(price((await patch(later.id, { description: 'Again' })).body)[0]).toBe('60.00');
      expect(price((await patch(later.id, { hourly_rate: null })).body)[0]).toBe('61.00');
      expect(price((await patch(later.id, { work_date: '2026-01-31' })).body)[0]).toBe('70.00');
      expect(price((await patch(own.id, { labour_type: 'travel' })).body).slice(0, 2)).toEqual([
        '200.10',
        'entry',
      ]);
      const { id: poor } = await t.make('clients');
      expect(price(await time(poor))).toEqual(['80.00', 'settings', '1.00', '60.00', 'USD']);
    });

    test('emergencies cost half as much again, once, unless a rule gives them a rate', async () => {
      const { id } = await client({ default_hourly_rate: '100' });
      const one = await time(id, { labour_type: 'emergency' });
      expect([one.multiplier, one.amount]).toEqual(['1.50', '112.50']);
      for (let n = 0; n < 3; n++)
        expect((await patch(one.id, { hourly_rate: null })).body.amount).toBe('112.50');
      const given = await time(id, { labour_type: 'emergency', multiplier: '2', hourly_rate: '100' });
      expect(given.amount).toBe('150.00');
      expect((await patch(given.id, { description: 'Sunday' })).body.amount).toBe('150.00');
      const calm = await patch(one.id, { labour_type: 'remote' });
      expect([calm.body.multiplier, calm.body.amount]).toEqual(['1.00', '75.00']);
      await rule(id, { labour_type: 'emergency', hourly_rate: '180' });
      const ruled = await time(id, { labour_type: 'emergency', worked_minutes: 60 });
      expect(price(ruled).slice(0, 4)).toEqual(['180.00', 'emergency_rule', '1.00', '180.00']);
      const again = await t.http('PUT', `/api/billable-time/${ruled.id}`, { body: ruled });
      expect([again.status, again.body.version]).toEqual([200, 1]);
    });

    test('warranty is not billed, and what is not billable stays so', async () => {
      const { id } = await client();
      const free = await time(id, { labour_type: 'warranty' });
      expect([free.is_billable, free.billable_minutes, free.amount]).toEqual([false, 0, '0.00']);
      expect((await patch(free.id, { labour_type: 'onsite', worked_minutes: 60 })).body.amount).toBe('0.00');
      expect((await patch(free.id, { is_billable: true })).body.amount).toBe('99.99');
      expect((await patch(free.id, { labour_type: 'warranty' })).body.is_billable).toBe(false);
      expect((await post(id, { labour_type: 'warranty', is_billable: true })).status).toBe(422);
    });

    test('another currency needs a rate in it, and an amount has its limit', async () => {
      const { id } = await client({ currency: 'EUR' });
      const refused = await post(id, { currency: 'CHF' });
      expect([refused.status, refused.body.details.field]).toEqual([422, 'currency']);
      expect((await time(id, { currency: 'CHF', hourly_rate: '10' })).currency).toBe('CHF');
      const much = await post(id, { hourly_rate: '9999999999.99', worked_minutes: 61 });
      expect([much.status, much.body.details.field]).toEqual([422, 'hourly_rate']);
    });

    test('two rules of one kind are never valid on one day, also when many come at once', async () => {
      const { id } = await client();
      const range = (valid_from: string | null, valid_to: string | null) =>
        rule(id, { labour_type: 'onsite', hourly_rate: '1', valid_from, valid_to });
      expect((await range('2026-01-01', '2026-01-31')).status).toBe(201);
      expect((await range('2026-01-31', null)).status).toBe(409);
      expect((await range(null, '2025-12-31')).status).toBe(201);
      expect((await range('2026-03-01', '2026-02-01')).status).toBe(422);
      const many = await Promise.all(Array.from({ length: 20 }, () => range('2026-02-01', null)));
      expect(many.filter(one => one.status === 201)).toHaveLength(1);
      const forAll = await Promise.all(
        Array.from({ length: 20 }, () => rule(null, { labour_type: 'project', hourly_rate: '1' })),
      );
      expect(
        forAll
          .map(one => one.status)
          .sort()
          .slice(0, 2),
      ).toEqual([201, 409]);
    });

    test('rules for all are for those who see all', async () => {
      const { id } = await client();
      const limited = await t.user({ client_access: 'only', client_ids: [id] });
      const as = { token: limited.token };
      expect((await t.http('POST', '/api/rate-rules', { ...as, body: {} })).status).toBe(403);
      expect(
        (await t.http('POST', '/api/rate-rules', { ...as, body: { client_id: id, hourly_rate: '1' } }))
          .status,
      ).toBe(201);
      const writer = await t.user({ scopes: ['msp:read', 'msp:write'] });
      const asked = { token: writer.token, body: { client_id: id } };
      expect((await t.http('POST', '/api/rate-rules', asked)).status).toBe(403);
    });
  });

  describe('a group', () => {
    test('is rounded together; its last entry carries the rest, in minutes and in cents', async () => {
      const { id } = await client();
      const applied = (await rule(id, { ...hourly, scope: 'work_item' })).body;
      const item = await workItem(id);
      const { session_id } = await time(id, { work_item_id: item.work_item_id });
      expect(session_id).toBe(item.session_id);
      expect(await minutes(id)).toEqual([60]);
      await time(id, item);
      await time(id, { ...item, worked_minutes: 5 });
      const [first, second, third] = (await all(id)) as [Shown, Shown, Shown];
      expect(await minutes(id)).toEqual([45, 45, 30]);
      expect([first, second, third].map(one => one.amount)).toEqual(['74.99', '74.99', '50.00']);
      expect(third.rounding).toEqual({
        rate_rule_id: applied.id,
        increment_minutes: 60,
        minimum_minutes: 0,
        rounding: 'up',
        scope: 'work_item',
      });
      expect((await entriesOf(t, first.id)).map(one => one.action)).toContain('billable_time.regroup');
      await time(id);
      expect(await minutes(id)).toEqual([45, 45, 30, 60]);
      await act(third.id, 'submit');
      await patch(second.id, { worked_minutes: 100 });
      expect(await minutes(id)).toEqual([45, 105, 30, 60]);
      await t.http('DELETE', `/api/billable-time/${second.id}`);
      expect(await minutes(id)).toEqual([30, 30, 60]);
      await act(third.id, 'reopen');
      expect(await minutes(id)).toEqual([45, 15, 60]);
      const other = await workItem(id);
      await patch(third.id, other);
      expect(await minutes(id)).toEqual([60, 60, 60]);
      await t.http('DELETE', `/api/work-items/${item.work_item_id}`);
      expect((await all(id))[0]).toMatchObject({ work_item_id: null, billable_minutes: 60 });
      expect((await all(id)).map(one => one.worked_minutes)).toEqual([45, 5, 45]);
    });

    test('of a day: whoever worked; approved ones stay, and drafts get what is left', async () => {
      const { id } = await client();
      await rule(id, { ...hourly, minimum_minutes: 90, scope: 'day' });
      const tech = await t.user();
      const first = await time(id, {}, tech.token);
      expect(first.billable_minutes).toBe(120);
      await act(first.id, 'submit');
      await act(first.id, 'approve');
      await time(id, { worked_minutes: 30 });
      await time(id, { worked_minutes: 10, work_date: '2026-02-01' });
      expect(await minutes(id)).toEqual([120, 0, 120]);
      await time(id, { worked_minutes: 61 });
      expect(await minutes(id)).toEqual([120, 30, 120, 30]);
    });

    test('in one bulk is settled as one after the other, and a refused item leaves the others right', async () => {
      const { id } = await client();
      await rule(id, { ...hourly, scope: 'day' });
      const items = Array.from({ length: 250 }, (_, n) =>
        body(id, {
          worked_minutes: 1,
          work_date: `2026-03-0${1 + (n % 2)}`,
          ...(n === 7 ? { user_id: id } : {}),
        }),
      );
      const answer = await t.http('POST', '/api/billable-time/bulk', { body: { items } });
      const statuses = (answer.body.results as unknown as { status: number }[]).map(one => one.status);
      expect(statuses.filter(one => one === 201)).toHaveLength(249);
      const days = await t.http('GET', '/api/billable-time/summary', {
        query: { client_id: id, group_by: 'work_date' },
      });
      expect(days.body.groups).toMatchObject([
        { key: '2026-03-01', entries: 125, worked_minutes: 125, billable_minutes: 180 },
        { key: '2026-03-02', entries: 124, worked_minutes: 124, billable_minutes: 180 },
      ]);
    });

    test('that many change at once comes out as one after the other', async () => {
      const { id } = await client({ default_hourly_rate: '100' });
      await rule(id, { ...hourly, scope: 'day' });
      const entries = await Promise.all(Array.from({ length: 20 }, () => time(id, { worked_minutes: 7 })));
      const answers = await Promise.all([
        ...entries.slice(0, 10).map(one => patch(one.id, { worked_minutes: 11 })),
        ...entries.slice(10, 15).map(one => t.http('DELETE', `/api/billable-time/${one.id}`)),
        ...entries.slice(15).map(one => act(one.id, 'submit')),
        ...Array.from({ length: 15 }, () => post(id, { worked_minutes: 3 })),
      ]);
      expect(answers.map(one => one.status).filter(status => status >= 300)).toEqual([]);
      const { body: sum } = await t.http('GET', '/api/billable-time/summary', { query: { client_id: id } });
      // 10 × 11 + 5 × 7 + 15 × 3 = 190
      expect(sum.total).toMatchObject({ worked_minutes: 190, billable_minutes: 240 });
      expect(sum.total).toMatchObject({ amounts: [{ currency: 'USD', amount: '400.00' }] });
    }, 60_000);
  });

  describe('from the draft to the invoice', () => {
    const billed = async (id: string) => {
      const entry = await time(id);
      for (const verb of ['submit', 'approve']) expect((await act(entry.id, verb)).status).toBe(200);
      return entry.id;
    };
    const bill = (ids: string[], token?: string) =>
      t.http('POST', '/api/billable-time/mark-billed', { body: { ids, invoice_ref: ids[0] }, token });

    test('one step after the other; what was billed stays', async () => {
      const { id } = await client();
      const entry = await time(id);
      for (const verb of ['approve', 'reopen']) expect((await act(entry.id, verb)).status).toBe(409);
      expect((await act(entry.id, 'submit')).body.status).toBe('submitted');
      expect((await patch(entry.id, { worked_minutes: 1 })).status).toBe(409);
      expect((await act(entry.id, 'approve')).body.status).toBe('approved');
      expect((await patch(entry.id, { worked_minutes: 1 })).status).toBe(409);
      expect((await bill([entry.id])).body.items).toMatchObject([
        { status: 'billed', invoice_ref: entry.id },
      ]);
      for (const verb of ['submit', 'approve', 'reopen'])
        expect((await act(entry.id, verb)).status).toBe(409);
      expect((await patch(entry.id, { description: 'Other' })).status).toBe(409);
      expect((await t.http('DELETE', `/api/billable-time/${entry.id}`)).status).toBe(409);
      expect((await t.http('DELETE', `/api/clients/${id}`)).status).toBe(409);
    });

    test('what billed time refers to stays', async () => {
      const { id } = await client();
      const item = await workItem(id);
      const project_id = (await t.make('projects', { client_id: id })).id;
      const entry = await time(id, { ...item, project_id });
      for (const verb of ['submit', 'approve']) await act(entry.id, verb);
      await bill([entry.id]);
      const gone = await Promise.all(
        [`work-items/${item.work_item_id}`, `sessions/${item.session_id}`, `projects/${project_id}`].map(
          path => t.http('DELETE', `/api/${path}`),
        ),
      );
      expect(gone.map(one => one.status)).toEqual([409, 409, 409]);
    });

    test('all of an invoice or nothing', async () => {
      const { id } = await client();
      const [done, draft] = [await billed(id), (await time(id)).id];
      const refused = await bill([done, draft]);
      expect([refused.status, refused.body.details.ids]).toEqual([409, [draft]]);
      const unknown = await bill([done, id]);
      expect([unknown.status, unknown.body.details.field]).toEqual([422, 'ids.1']);
      expect((await all(id)).map(one => one.status)).toEqual(['approved', 'draft']);
    });

    test('is for the one who worked, and for administrators', async () => {
      const { id } = await client();
      const scopes = ['msp:read', 'msp:write'] as ('msp:read' | 'msp:write')[];
      const [own, other] = [await t.user({ scopes }), await t.user({ scopes })] as [TestUser, TestUser];
      const entry = await time(id, {}, own.token);
      expect(entry.user_id).toBe(own.id);
      expect((await post(id, { user_id: other.id }, own.token)).status).toBe(403);
      expect((await patch(entry.id, { user_id: other.id }, own.token)).status).toBe(403);
      for (const verb of ['submit', 'reopen'])
        expect((await act(entry.id, verb, other.token)).status).toBe(403);
      expect((await patch(entry.id, { description: 'Mine' }, other.token)).status).toBe(403);
      expect((await act(entry.id, 'submit', own.token)).status).toBe(200);
      expect((await act(entry.id, 'approve', own.token)).status).toBe(403);
      expect((await bill([entry.id], own.token)).status).toBe(403);
      await act(entry.id, 'approve');
      expect((await act(entry.id, 'reopen', own.token)).body.status).toBe('draft');
      expect((await time(id, { user_id: other.id })).user_id).toBe(other.id);
      const blind = await t.user({ client_access: 'except', client_ids: [id] });
      expect((await act(entry.id, 'submit', blind.token)).status).toBe(404);
      expect((await bill([entry.id], blind.token)).status).toBe(422);
      const { body: sums } = await t.http('GET', '/api/billable-time/summary', { token: blind.token });
      expect((sums.groups as Body[]).map(one => one.key)).not.toContain(id);
    });
  });

  test('the day of the work is that of its start where the client is', async () => {
    const { id } = await client({ timezone: 'America/New_York' });
    const dayOf = async (started_at: string) =>
      (await time(id, { work_date: undefined, started_at })).work_date;
    expect(await dayOf('2026-03-08T04:59:59Z')).toBe('2026-03-07');
    expect(await dayOf('2026-03-08T05:00:00Z')).toBe('2026-03-08');
    expect(await dayOf('2026-03-09T03:59:59Z')).toBe('2026-03-08');
    expect(await dayOf('2026-03-09T04:00:00Z')).toBe('2026-03-09');
    expect(await dayOf('2026-11-02T04:59:59Z')).toBe('2026-11-01');
    const missing = await post(id, { work_date: undefined });
    expect([missing.status, missing.body.details.field]).toEqual([422, 'work_date']);
    const late = await time(id, { work_date: '2020-02-29', started_at: '2026-03-08T12:00:00Z' });
    expect(late.work_date).toBe('2020-02-29');
    expect(String(late.created_at) > '2026').toBe(true);
    expect((await patch(late.id, { started_at: '2026-03-09T12:00:00Z' })).body.work_date).toBe('2020-02-29');
    expect((await patch(late.id, { ended_at: '2026-03-08T12:00:00Z' })).status).toBe(422);
  });

  test('closing a billable session leaves one draft', async () => {
    const { id } = await client();
    const started_at = '2026-01-30T08:00:00Z';
    const open = (given: Body = {}) =>
      t.make('sessions', { client_id: id, is_billable: true, started_at, title: 'Printer', ...given });
    const close = (session: Shown) =>
      t.http('POST', `/api/sessions/${session.id}/close`, { body: { ended_at: '2026-01-30T08:50:00Z' } });
    const session = await open();
    expect((await close(session)).status).toBe(200);
    expect((await close(await open({ is_billable: false }))).status).toBe(200);
    const other = (await open({ client_id: null })) as Shown;
    expect((await close(other)).status).toBe(422);
    expect(await all(id)).toMatchObject([
      {
        session_id: session.id,
        worked_minutes: 50,
        work_date: '2026-01-30',
        status: 'draft',
        description: 'Printer',
      },
    ]);
  });

  test('a summary adds up what was asked for, each currency by itself', async () => {
    const { id } = await client({ currency: 'EUR' });
    const project_id = (await t.make('projects', { client_id: id, name: 'Move' })).id;
    await time(id, { project_id, hourly_rate: '0.01', worked_minutes: 30 });
    await time(id, { project_id, work_date: '2026-02-28', worked_minutes: 60 });
    await time(id, { currency: 'CHF', hourly_rate: '10', work_date: '2026-03-01', worked_minutes: 6 });
    const summary = async (query: Body) =>
      (await t.http('GET', '/api/billable-time/summary', { query: { client_id: id, ...query } as never }))
        .body;
    const month = await summary({ group_by: 'month' });
    expect((month.groups as Body[]).map(one => [one.key, one.amounts])).toEqual([
      ['2026-01', [{ currency: 'EUR', amount: '0.01' }]],
      ['2026-02', [{ currency: 'EUR', amount: '99.99' }]],
      ['2026-03', [{ currency: 'CHF', amount: '1.00' }]],
    ]);
    expect(month.total).toEqual({
      entries: 3,
      worked_minutes: 96,
      billable_minutes: 96,
      amounts: [
        { currency: 'CHF', amount: '1.00' },
        { currency: 'EUR', amount: '100.00' },
      ],
      without_rate: 0,
    });
    const projects = await summary({ group_by: 'project', from: '2026-02-01', to: '2026-03-01' });
    expect((projects.groups as Body[]).map(one => [one.key, one.name, one.entries])).toEqual([
      [null, null, 1],
      [project_id, 'Move', 1],
    ]);
    const faults = async (query: Body) =>
      ((await summary(query)) as Answer['body']).details.errors.map(one => one.field);
    expect(await faults({ from: 'x', to: '2026-13-01', limit: '1' })).toEqual(['limit', 'from', 'to']);
    expect(await faults({ group_by: 'quarter' })).toEqual(['group_by']);
    expect(await faults({ from: '2026-02-01', to: '2026-01-01' })).toEqual(['to']);
    expect(await faults({ colour: 'red' })).toEqual(['colour']);
  });
});
