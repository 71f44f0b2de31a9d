import { startApp, type Body, type Shown, type TestApp, type TestUser } from './app.js';
import { missingBrowser, startBrowser } from './harness/browser.js';
import { parseCsv } from './harness/csv.js';

const DAY = 86_400_000;
const dayIn = (days: number) => new Date(Date.now() + days * DAY).toISOString().slice(0, 10);
const OF_PERIODS = ['time-and-money', 'incidents'];
const OF_NOW = ['vault-health', 'estate'];
const NAMES = [...OF_PERIODS, ...OF_NOW];
const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  'שלום עולם (ABC) 12',
  '=HYPERLINK("http://evil.example")',
  `${'Ünïcode 🦊 '.repeat(24)}`.trim(),
];

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ settings: { PROVIDER_NAME: 'Näh & <b>Söhne</b>' } });
});
afterAll(() => t.close());

const report = async (name: string, query: Body = {}, user: TestUser = t.admin) => {
  const answer = await t.http('GET', `/api/reports/${name}`, { query: query as never, token: user.token });
  expect([answer.status, answer.status === 200 ? '' : answer.text]).toEqual([200, '']);
  return answer.body as unknown as Record<string, never> & { rows: Shown[] };
};
const page = (name: string, query: Body = {}) =>
  t.http('GET', `/api/reports/${name}`, { query: { ...query, format: 'html' } as never });

async function time(client_id: string, work_date: string, given: Body = {}): Promise<void> {
  const body = { client_id, work_date, worked_minutes: 50, labour_type: 'remote', ...given };
  expect((await t.http('POST', '/api/billable-time', { body })).status).toBe(201);
}

describe('time and money', () => {
  let ours: string[];
  beforeAll(async () => {
    ours = [];
    for (const [currency, default_hourly_rate] of [
      ['EUR', '99.99'],
      ['CHF', '33.33'],
      ['EUR', null],
    ]) {
      const { id } = await t.make('clients', { currency, default_hourly_rate, timezone: 'Pacific/Auckland' });
      ours.push(id);
      for (const day of ['2026-03-31', '2026-04-01', '2026-04-30', '2025-12-31']) await time(id, day);
    }
  }, 60_000);

  test('are the sums of the summaries, to the cent, by client and by month', async () => {
    const query = { from: '2025-12-01', to: '2026-04-30' };
    const found = await report('time-and-money', query);
    const summary = async (group_by: string) =>
      (await t.http('GET', '/api/billable-time/summary', { query: { ...query, group_by } })).body;
    const [clients, months] = [await summary('client'), await summary('month')];
    expect(found.by_client).toEqual(clients.groups);
    expect(found.by_month).toEqual(months.groups);
    expect(found.total).toEqual(clients.total);
    const cents = (rows: Shown[]) =>
      rows.reduce((sum, one) => sum + Number(String(one.amount).replace('.', '')), 0);
    for (const group of clients.groups as unknown as { key: string; amounts: Shown[]; entries: number }[]) {
      const own = found.rows.filter(one => one.client_id === group.key);
      expect(own.reduce((sum, one) => sum + Number(one.entries), 0)).toBe(group.entries);
      expect(cents(own)).toBe(cents(group.amounts));
    }
    expect(
      found.rows.filter(one => one.client_id === ours[0]).map(one => [one.month, one.amount, one.currency]),
    ).toEqual([
      ['2025-12', '83.33', 'EUR'],
      ['2026-03', '83.33', 'EUR'],
      ['2026-04', '166.66', 'EUR'],
    ]);
    expect(found).toMatchObject({ is_cut: false, rows_total: 9, total: { without_rate: 4 } });
  });

  test('are those of a month, and of one client', async () => {
    const found = await report('time-and-money', { month: '2026-04', client_id: ours[1] });
    expect(found).toMatchObject({ from: '2026-04-01', to: '2026-04-30', time_zone: 'Pacific/Auckland' });
    expect(found.rows.map(one => [one.client_id, one.month, one.amount])).toEqual([
      [ours[1], '2026-04', '55.56'],
    ]);
    expect((await report('time-and-money', { month: '2027-01' })).rows).toEqual([]);
    expect((await page('time-and-money', { month: '2027-01' })).text).toContain('No entries in this period.');
  });

  test('tell drafts from what is approved, by status, of each row and at a look', async () => {
    const { id } = await t.make('clients', { currency: 'USD', default_hourly_rate: '364.50' });
    for (const day of ['2024-05-01', '2024-05-02', '2024-05-03']) await time(id, day);
    await time(id, '2024-05-04', { currency: 'CHF', hourly_rate: '364.50' });
    const query = { month: '2024-05', client_id: id };
    const listed = { client_id: id, sort: 'work_date' };
    const [, second, third] = (await t.http('GET', '/api/billable-time', { query: listed })).body.items;
    const ids = [second?.id, third?.id];
    await t.http('POST', '/api/billable-time/submit', { body: { ids } });
    await t.http('POST', '/api/billable-time/approve', { body: { ids: ids.slice(1) } });
    const found = await report('time-and-money', query);
    expect((found.by_status as unknown as Shown[]).map(one => [one.key, one.entries])).toEqual([
      ['draft', 2],
      ['submitted', 1],
      ['approved', 1],
    ]);
    expect(found.rows.map(one => [one.currency, one.amount, one.not_approved])).toEqual([
      ['CHF', '303.75', '303.75'],
      ['USD', '911.25', '607.50'],
    ]);
    expect(found).toMatchObject({ status: null, not_approved: { entries: 3, worked_minutes: 150 } });
    expect((await page('time-and-money', query)).text).toContain(
      'Of which 303.75 CHF, 607.50 USD is not approved yet: 3 entries',
    );
    expect((await page('time-and-money', query)).text).toContain('2024-05: 304<');
    const approved = await report('time-and-money', { ...query, status: 'approved,billed' });
    expect(approved).toMatchObject({
      status: ['approved', 'billed'],
      total: { entries: 1, amounts: [{ currency: 'USD', amount: '303.75' }] },
      not_approved: { entries: 0, amounts: [] },
    });
    const shown = await page('time-and-money', { ...query, status: 'approved' });
    expect(shown.text).toContain('Only entries that are approved.');
  });

  test('are in CSV what they are in JSON', async () => {
    const query = { from: '2025-12-01', to: '2026-04-30', format: 'csv', bom: 'true' };
    const { status, text, headers } = await t.http('GET', '/api/reports/time-and-money', { query });
    expect([status, headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8; header=present']);
    expect(headers['content-disposition']).toBe('attachment; filename="time-and-money-2025-12.csv"');
    const [head = [], ...lines] = parseCsv(text.slice(1));
    const { rows } = await report('time-and-money', { from: '2025-12-01', to: '2026-04-30' });
    expect(lines).toEqual(rows.map(row => head.map(name => String(row[name]))));
  });

  test('takes as many statements for many clients as for one', async () => {
    const { connections } = t.opened.database;
    const spies = [jest.spyOn(connections.reader, 'select'), jest.spyOn(connections.scanner, 'select')];
    const calls = () => spies.reduce((sum, one) => sum + one.mock.calls.length, 0);
    // The least of some: what works behind the requests has statements, too.
    const counted = async (query: Body) => {
      const counts: number[] = [];
      for (let n = 0; n < 4; n++) {
        const before = calls();
        for (const name of NAMES) await report(name, OF_NOW.includes(name) ? {} : query);
        counts.push(calls() - before);
      }
      return Math.min(...counts);
    };
    await t.make('infrastructure', { client_id: ours[0] });
    await t.make('security-incidents', { client_id: ours[0], incident_date: '2026-03-02' });
    const few = await counted({ month: '2026-03' });
    for (let n = 0; n < 10; n++) {
      const { id } = await t.make('clients', { default_hourly_rate: '10.00' });
      await time(id, '2026-03-02');
      await t.make('infrastructure', { client_id: id });
      await t.make('security-incidents', { client_id: id, incident_date: '2026-03-02' });
    }
    expect((await report('time-and-money', { month: '2026-03' })).rows).toHaveLength(13);
    expect(await counted({ month: '2026-03' })).toBe(few);
    for (const spy of spies) spy.mockRestore();
  });
});

describe('incidents', () => {
  test('are those of the period and open ones of before, each with its deadlines', async () => {
    const client_id = (await t.make('clients', { timezone: 'America/New_York' })).id;
    const incident = (title: string, given: Body) =>
      t.make('security-incidents', { client_id, title, severity: 'high', ...given });
    const first = await incident('first', { incident_date: '2026-02-03' });
    await incident('before', { incident_date: '2024-01-01', severity: 'critical' });
    await incident('after', { incident_date: '2026-03-01' });
    const deadline = async (label: string, due_at: string, notified_at?: string) => {
      const path = `/api/security-incidents/${first.id}/deadlines`;
      const made = await t.http('POST', path, { body: { label, due_at } });
      const id = made.body.items.find(one => one.label === label)?.id;
      if (notified_at)
        expect((await t.http('PATCH', `${path}/${id}`, { body: { notified_at } })).status).toBe(200);
    };
    await deadline('in time', '2026-02-06T04:00:00Z', '2026-02-05T00:00:00Z');
    await deadline('too late', '2026-02-07T04:00:00Z', '2026-02-08T00:00:00Z');
    await deadline('forgotten', '2026-02-09T04:00:00Z');
    await deadline('to come', '2999-02-09T04:00:00Z');
    const found = await report('incidents', { month: '2026-02', client_id });
    expect(found.rows.map(one => [one.title, one.deadline, one.deadline_state])).toEqual([
      ['first', 'in time', 'met'],
      ['first', 'too late', 'late'],
      ['first', 'forgotten', 'overdue'],
      ['first', 'to come', 'open'],
      ['before', null, null],
    ]);
    expect(found).toMatchObject({
      incidents: 2,
      rows_total: 5,
      by_severity: { critical: 1, high: 1, medium: 0, low: 0 },
      by_month: { '2024-01': 1, '2026-02': 1 },
      deadlines: { met: 1, late: 1, open: 1, overdue: 1 },
    });
    const { text } = await page('incidents', { month: '2026-02', client_id });
    expect(text).toContain('due 2026-02-08 23:00');
    expect(text).toContain('America/New_York');
  });
});

describe('the estate', () => {
  test('is counted by age and by warranty', async () => {
    const client_id = (await t.make('clients')).id;
    const asset = (hostname: string, given: Body) =>
      t.make('infrastructure', { client_id, hostname, ...given });
    await asset('old', { purchased_on: dayIn(-5 * 366), warranty_expires_on: dayIn(0) });
    await asset('young', { purchased_on: dayIn(-100), warranty_expires_on: dayIn(1000) });
    await asset('middle', { purchased_on: dayIn(-500), warranty_expires_on: dayIn(89) });
    await asset('blank', {});
    await asset('gone', { purchased_on: dayIn(-500), status: 'decommissioned' });
    const found = await report('estate', { client_id });
    expect(found.rows.map(one => [one.hostname, one.warranty, one.age_years])).toEqual([
      ['old', 'over', 5],
      ['middle', 'ends_soon', 1.4],
      ['young', 'holds', 0.3],
      ['blank', 'unknown', null],
    ]);
    expect(found).toMatchObject({
      by_age: { under_1: 1, '1_to_3': 1, '3_to_5': 0, '5_or_more': 1, unknown: 1 },
      by_warranty: { over: 1, ends_soon: 1, holds: 1, unknown: 1 },
      by_client: [{ client_id, assets: 4, over: 1, ends_soon: 1, old: 1 }],
    });
  });
});

describe('every report', () => {
  test('tells what the caller sees, and nothing of another client', async () => {
    const [mine, other] = [
      (await t.make('clients')).id,
      (await t.make('clients', { name: 'Hidden Ltd' })).id,
    ];
    for (const client_id of [mine, other]) {
      await time(client_id, '2026-05-05');
      await t.make('infrastructure', { client_id, hostname: `of-${client_id}` });
      await t.make('security-incidents', { client_id, incident_date: '2026-05-05' });
    }
    const user = await t.user({ scopes: ['msp:read'], client_access: 'only', client_ids: [mine] });
    for (const name of NAMES) {
      const query = ['time-and-money', 'incidents'].includes(name) ? { month: '2026-05' } : {};
      const found = await report(name, query, user);
      expect([name, JSON.stringify(found).includes(other)]).toEqual([name, false]);
      if (name !== 'vault-health') expect(found.rows.map(one => one.client_id)).toEqual([mine]);
      const hidden = await t.http('GET', `/api/reports/${name}`, {
        query: { client_id: other },
        token: user.token,
      });
      const none = await t.http('GET', `/api/reports/${name}`, {
        query: { client_id: user.id },
        token: user.token,
      });
      expect([hidden.status, none.status, hidden.body.error]).toEqual([404, 404, none.body.error]);
    }
  });

  test('is for access tokens that are for reports and for what it tells of', async () => {
    const token = async (resources: string[]) => {
      const body = { name: 'reports', scopes: ['msp:read'], resources };
      return (await t.http('POST', '/api/access-tokens', { body })).body.token as unknown as string;
    };
    const [alone, both] = [await token(['reports']), await token(['reports', 'infrastructure'])];
    const asked = async (token: string, name: string) =>
      (await t.http('GET', `/api/reports/${name}`, { token })).status;
    for (const name of NAMES) expect([name, await asked(alone, name)]).toEqual([name, 403]);
    expect([await asked(both, 'estate'), await asked(both, 'incidents')]).toEqual([200, 403]);
  });

  test('names who knows secrets to an access token that is for users alone', async () => {
    const client_id = (await t.make('clients')).id;
    const told = async (resources: string[], query: Body) => {
      const body = { name: 'health', scopes: ['msp:read', 'msp:admin'], resources: ['reports', 'credentials', ...resources] };
      const { token } = (await t.http('POST', '/api/access-tokens', { body })).body as unknown as { token: string };
      return (await report('vault-health', query, { ...t.admin, token })).exposure !== null;
    };
    expect([await told([], {}), await told([], { client_id }), await told(['users'], { client_id })]).toEqual([false, false, false]);
    expect([await told(['users'], {}), await told(['users', 'clients'], { client_id })]).toEqual([true, true]);
  }); // prettier-ignore

  test('has the form that Accept or format asks for', async () => {
    const type = async (accept: string, query = {}) =>
      (await t.http('GET', '/api/reports/estate', { headers: { accept }, query })).headers['content-type'];
    expect(await type('*/*')).toMatch(/^application\/json/);
    expect(await type('text/csv')).toMatch(/^text\/csv/);
    expect(await type('text/html,application/xhtml+xml;q=0.9')).toMatch(/^text\/html/);
    expect(await type('text/html', { format: 'json' })).toMatch(/^application\/json/);
  });

  test.each([
    ['time-and-money', 'month=2026-13'],
    ['time-and-money', 'month=2026-1'],
    ['time-and-money', 'month=2026-01&from=2026-01-01'],
    ['time-and-money', 'from=2026-02-01&to=2026-01-01'],
    ['time-and-money', 'from=1990-01-01&to=2026-01-01'],
    ['time-and-money', 'from=x'],
    ['time-and-money', 'group_by=client'],
    ['time-and-money', 'status=paid'],
    ['incidents', 'status=draft'],
    ['incidents', 'month=2026-01&month=2026-02'],
    ['estate', 'month=2026-01'],
    ['vault-health', 'from=2026-01-01'],
    ['estate', 'format=pdf'],
    ['estate', 'client_id=x'],
    ['estate', 'format=html&bom=true'],
    ['estate', 'bom=maybe'],
  ])('refuses %s?%s', async (name, query) => {
    expect((await t.http('GET', `/api/reports/${name}?${query}`)).status).toBe(422);
  });
});

/** What could run or be fetched, whether the page is wider than its window, and whether it has its style. */
const LOOK =
  "[document.querySelectorAll('script, img, iframe, object, link').length, " +
  'document.documentElement.scrollWidth > document.documentElement.clientWidth, ' +
  "getComputedStyle(document.querySelector('h1')).fontSize]";
const missing = missingBrowser();
if (missing && process.env.CI)
  it('has a browser', () => {
    throw new Error(missing);
  });

describe('a page', () => {
  let client_id: string;
  beforeAll(async () => {
    for (const name of HOSTILE) {
      const { id } = await t.make('clients', { name, default_hourly_rate: '60.00' });
      client_id ??= id;
      await time(id, '2026-06-06');
      await t.make('infrastructure', {
        client_id: id,
        hostname: name.slice(0, 200),
        model: name.slice(0, 200),
      });
      await t.make('security-incidents', { client_id: id, title: name, incident_date: '2026-06-06' });
      await t.make('credentials', {
        client_id: id,
        service_name: name.slice(0, 200),
        name: null,
        password: 'x',
      });
    }
  });

  test('holds no markup of what somebody wrote, and allows no script', async () => {
    for (const name of NAMES) {
      const { text, headers } = await page(name);
      expect([name, text.match(/<(script|img|iframe|a|style [^>])\b|<b>S/g)]).toEqual([name, null]);
      expect([name, text.includes('&lt;script&gt;alert(1)&lt;/script&gt;')]).toEqual([name, true]);
      expect(text).toContain('Näh &amp; &lt;b&gt;Söhne&lt;/b&gt;');
      const policy = String(headers['content-security-policy']);
      expect(policy).toMatch(
        /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox$/,
      );
      expect(policy).not.toContain('unsafe');
      expect(headers['cache-control']).toBe('no-store');
    }
  });

  test('gives a spreadsheet no formula', async () => {
    const { text } = await t.http('GET', '/api/reports/estate', { query: { format: 'csv' } });
    expect(parseCsv(text).flat()).toContain(`'${HOSTILE[3]}`);
  });

  (missing ? test.skip : test)(
    'is read and printed by a browser without asking for anything',
    async () => {
      const browser = await startBrowser();
      try {
        for (const name of NAMES) {
          const { text } = await page(name, name === 'estate' ? { client_id } : {});
          await browser.page.setContent(text);
          const looked = await browser.page.evaluate(LOOK);
          expect([name, looked]).toEqual([name, [0, false, '26.4px']]);
          expect(await browser.page.locator('body').innerText()).toContain('<script>alert(1)</script>');
          expect((await browser.page.pdf({ preferCSSPageSize: true })).subarray(0, 5).toString()).toBe(
            '%PDF-',
          );
        }
        expect([browser.errors, browser.requests.filter(one => !one.startsWith('about:'))]).toEqual([[], []]);
      } finally {
        await browser.close();
      }
    },
    60_000,
  );
});
