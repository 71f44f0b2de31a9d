import { type Body, startApp, type TestApp } from './app.js';

let t: TestApp;
let client_id: string;
beforeAll(async () => {
  t = await startApp();
  client_id = await t.client();
});
afterAll(() => t.close());

const faults = async (method: string, path: string, body: Body) => {
  const answer = await t.http(method, `/api/${path}`, { body });
  return answer.status === 422 ? answer.body.details.errors.map(one => [one.field, one.rule]) : answer.status;
};

test('an increment goes with a rounding, and a rounding with an increment', async () => {
  const rule = async (given: Body) =>
    faults('POST', 'rate-rules', { client_id: (await t.make('clients')).id, ...given });
  expect(await rule({ increment_minutes: 15 })).toEqual([['rounding', 'required']]);
  expect(await rule({ rounding: 'up' })).toEqual([['increment_minutes', 'required']]);
  expect(await rule({ rounding: 'nearest', increment_minutes: 1 })).toEqual([
    ['increment_minutes', 'required'],
  ]);
  expect(await rule({ minimum_minutes: 15 })).toBe(201);
  expect(await rule({ rounding: 'up', increment_minutes: 15 })).toBe(201);
  const { id } = await t.make('rate-rules', { client_id, rounding: 'up', increment_minutes: 15 });
  const path = `rate-rules/${id}`;
  expect(await faults('PATCH', path, { rounding: 'none' })).toEqual([['rounding', 'required']]);
  expect(await faults('PATCH', path, { rounding: 'none', increment_minutes: 1 })).toBe(200);
  await t.change('UPDATE rate_rules SET increment_minutes = 30 WHERE id = ?', [id]);
  expect(await faults('PATCH', path, { notes: 'From before the rule' })).toBe(200);
});

test('the project is that of the session, or of the work item, unless another one is given', async () => {
  const [project, other] = [
    (await t.make('projects', { client_id })).id,
    (await t.make('projects', { client_id })).id,
  ];
  const session_id = (await t.make('sessions', { client_id, project_id: project })).id;
  const work_item_id = (await t.make('work-items', { session_id })).id;
  const time = { client_id, labour_type: 'remote', work_date: '2026-01-31', worked_minutes: 5 };
  const projectOf = async (given: Body) =>
    (await t.http('POST', '/api/billable-time', { body: { ...time, ...given } })).body.project_id;
  expect(await projectOf({ session_id })).toBe(project);
  expect(await projectOf({ work_item_id })).toBe(project);
  expect(await projectOf({ session_id, project_id: other })).toBe(other);
  expect(await projectOf({ session_id, project_id: null })).toBeNull();
  expect(await projectOf({})).toBeNull();
  const items = [{ ...time, session_id }, { ...time, work_item_id }, time];
  const { body } = await t.http('POST', '/api/billable-time/bulk', { body: { items } });
  const stored = await Promise.all(
    body.results.map(one => t.http('GET', `/api/billable-time/${one.id ?? ''}`)),
  );
  expect(stored.map(one => one.body.project_id)).toEqual([project, project, null]);
});

describe('minutes worked', () => {
  const span = { started_at: '2026-01-31T08:00:00Z', ended_at: '2026-01-31T09:30:29Z' };
  const time = (given: Body) => ({ client_id, labour_type: 'remote', ...given });

  test('are those from start to end where nobody says otherwise', async () => {
    const { status, body } = await t.http('POST', '/api/billable-time', { body: time(span) });
    expect([status, body.worked_minutes, body.work_date]).toEqual([201, 90, '2026-01-31']);
    const path = `/api/billable-time/${body.id}`;
    const later = await t.http('PATCH', path, { body: { ended_at: '2026-01-31T09:45:31Z' } });
    expect(later.body.worked_minutes).toBe(106);
    const breaks = await t.http('PATCH', path, { body: { worked_minutes: 60 } });
    expect(breaks.body.worked_minutes).toBe(60);
    const stays = await t.http('PATCH', path, { body: { ended_at: '2026-01-31T10:00:00Z' } });
    expect(stays.body.worked_minutes).toBe(60);
  });

  test('are required without them, and never more than there were', async () => {
    const post = (given: Body) => faults('POST', 'billable-time', time(given));
    expect(await post({ started_at: span.started_at })).toEqual([['worked_minutes', 'required']]);
    expect(await post({ work_date: '2026-01-31' })).toEqual([['worked_minutes', 'required']]);
    expect(await post({ ...span, worked_minutes: 91 })).toEqual([['worked_minutes', 'max']]);
    expect(await post({ ...span, worked_minutes: 90 })).toBe(201);
    expect(await post({ ...span, worked_minutes: null })).toEqual([['worked_minutes', 'null']]);
    expect(await post({ ...span, ended_at: '2028-01-31T08:00:00Z' })).toEqual([['ended_at', 'max']]);
    const { id } = await t.make('billable-time', time({ ...span, worked_minutes: 80 }));
    const path = `billable-time/${id}`;
    expect(await faults('PATCH', path, { ended_at: '2026-01-31T08:30:00Z' })).toEqual([
      ['worked_minutes', 'max'],
    ]);
  });

  test('without start and end are those of a day at most', async () => {
    const post = (given: Body) => faults('POST', 'billable-time', time(given));
    const work_date = '2026-01-31';
    expect(await post({ work_date, worked_minutes: 1441 })).toEqual([['worked_minutes', 'max']]);
    expect(await post({ work_date, started_at: span.started_at, worked_minutes: 1441 })).toEqual([
      ['worked_minutes', 'max'],
    ]);
    expect(await post({ work_date, worked_minutes: 1440 })).toBe(201);
    const weekend = { started_at: '2026-01-31T08:00:00Z', ended_at: '2026-02-02T08:00:00Z' };
    expect(await post({ ...weekend, worked_minutes: 2880 })).toBe(201);
    const { id } = await t.make('billable-time', time({ work_date, worked_minutes: 5 }));
    const path = `billable-time/${id}`;
    expect(await faults('PATCH', path, { worked_minutes: 1441 })).toEqual([['worked_minutes', 'max']]);
    await t.change('UPDATE billable_time SET worked_minutes = 2000 WHERE id = ?', [id]);
    expect(await faults('PATCH', path, { description: 'From before the rule' })).toBe(200);
  });

  test('are of a day that is at most 366 days ahead', async () => {
    const ahead = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    const post = (given: Body) => faults('POST', 'billable-time', time({ worked_minutes: 5, ...given }));
    expect(await post({ work_date: ahead(366).slice(0, 10) })).toBe(201);
    expect(await post({ work_date: ahead(368).slice(0, 10) })).toEqual([['work_date', 'max']]);
    expect(await post({ started_at: ahead(368) })).toEqual([['started_at', 'max']]);
    const { id } = await t.make(
      'billable-time',
      time({ work_date: '2026-01-31', worked_minutes: 5, hourly_rate: '60' }),
    );
    const far = { work_date: '9999-12-31' };
    expect(await faults('PATCH', `billable-time/${id}`, far)).toEqual([['work_date', 'max']]);
    for (const step of ['submit', 'approve']) await t.http('POST', `/api/billable-time/${id}/${step}`);
    const bill = { ids: [id], invoice_ref: 'R-far' };
    expect(await faults('POST', 'billable-time/mark-billed', bill)).toBe(200);
    const credit = { ...far, reason: 'Wrong' };
    expect(await faults('POST', `billable-time/${id}/credit`, credit)).toEqual([['work_date', 'max']]);
  });

  test('in a bulk, too', async () => {
    const items = [time(span), time({ work_date: '2026-01-31' })];
    const { body } = await t.http('POST', '/api/billable-time/bulk', { body: { items } });
    expect(body.results.map(one => one.status)).toEqual([201, 422]);
  });
});
