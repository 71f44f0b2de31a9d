import fc from 'fast-check';
import { type Member, settleGroup } from '../src/work/money/groups.js';
import { amountOf } from '../src/work/money/amounts.js';
import { LABOUR_TYPES } from '../src/work/money/labour.js';
import { ROUNDINGS, roundedMinutes, SCOPES } from '../src/work/money/rounding.js';
import { type Body, startApp, type TestApp } from './app.js';

const cents = (decimal: string) => BigInt(decimal.replace('.', ''));
const decimal = (most: number) => fc.nat(most).map(n => (n / 100).toFixed(2));

/** In whole numbers: the quotient, half of which goes up. */
const halfUp = (numerator: bigint, denominator: bigint) =>
  (2n * numerator + denominator) / (2n * denominator);

const rules = fc.record({
  increment_minutes: fc.integer({ min: 1, max: 120 }),
  minimum_minutes: fc.nat(240),
  rounding: fc.constantFrom(...ROUNDINGS),
  scope: fc.constantFrom(...SCOPES),
});
const minutesAndRates = fc.array(fc.tuple(fc.nat(300), decimal(30_000)), { minLength: 1, maxLength: 12 });

let count = 0;
function memberOf(
  worked_minutes: number,
  hourly_rate: string,
  rule: Omit<NonNullable<Member['rounding']>, 'rate_rule_id'>,
): Member {
  return {
    id: String(++count).padStart(12, '0'),
    client_id: 'client',
    work_item_id: 'item',
    work_date: '2026-01-31',
    started_at: null,
    labour_type: 'remote',
    currency: 'USD',
    is_billable: true,
    status: 'draft',
    worked_minutes,
    billable_minutes: 0,
    hourly_rate,
    multiplier: '1.00',
    amount: null,
    rounding: { rate_rule_id: 'rule', ...rule },
  };
}

/** Entries arrive one after the other, and the group is settled each time. */
function arrive(members: readonly Member[]): Member[] {
  const there: Member[] = [];
  for (const one of members) {
    there.push({ ...one });
    for (const [entry, settled] of settleGroup(there)) Object.assign(entry, settled);
  }
  return there;
}

const total = (members: readonly Member[], name: 'worked_minutes' | 'billable_minutes') =>
  members.reduce((sum, one) => sum + one[name], 0);
const money = (members: readonly Member[]) =>
  members.reduce((sum, one) => sum + cents(one.amount ?? '0.00'), 0n);

describe('a group of entries', () => {
  test('is billed its rounded sum, in whichever order it came', () => {
    fc.assert(
      fc.property(rules, minutesAndRates, fc.infiniteStream(fc.nat()), (rule, given, numbers) => {
        const members = given.map(([minutes, rate]) => memberOf(minutes, rate, rule));
        const settled = arrive(members);
        const shuffled = members.map(one => ({ one, at: numbers.next().value as number }));
        const other = arrive(shuffled.sort((a, b) => a.at - b.at).map(({ one }) => one));
        expect(total(other, 'billable_minutes')).toBe(total(settled, 'billable_minutes'));
        expect(total(settled, 'billable_minutes')).toBe(
          roundedMinutes(total(members, 'worked_minutes'), rule),
        );
        expect(settled.map(one => one.worked_minutes)).toEqual(given.map(([minutes]) => minutes));
        expect(settled.every(one => one.billable_minutes >= 0 && cents(one.amount ?? '') >= 0n)).toBe(true);
      }),
    );
  });

  test('rounded up is at least what was worked, at least the minimum, and a multiple of the increment', () => {
    fc.assert(
      fc.property(rules, fc.integer({ min: 1, max: 5_000 }), (rule, worked) => {
        const billed = roundedMinutes(worked, { ...rule, rounding: 'up' });
        expect(billed).toBeGreaterThanOrEqual(Math.max(worked, rule.minimum_minutes));
        expect(billed % rule.increment_minutes).toBe(0);
        expect(billed - Math.max(worked, rule.minimum_minutes)).toBeLessThan(rule.increment_minutes);
        const nearest = roundedMinutes(worked, { ...rule, minimum_minutes: 0, rounding: 'nearest' });
        expect(2 * Math.abs(nearest - worked)).toBeLessThanOrEqual(rule.increment_minutes);
      }),
    );
  });

  test('at one rate costs what its minutes cost, rounded half up once', () => {
    fc.assert(
      fc.property(
        rules,
        fc.array(fc.integer({ min: 10, max: 300 }), { minLength: 1, maxLength: 12 }),
        decimal(30_000),
        (rule, given, rate) => {
          const settled = arrive(given.map(minutes => memberOf(minutes, rate, { ...rule, rounding: 'up' })));
          const exact = halfUp(BigInt(total(settled, 'billable_minutes')) * cents(rate), 60n);
          // Of very low rates the cents that others were rounded up by may be more than the last one costs.
          const others = money(settled) - cents(settled.at(-1)?.amount ?? '0.00');
          expect(money(settled)).toBe(others > exact ? others : exact);
        },
      ),
    );
  });

  test('an amount is exact', () => {
    fc.assert(
      fc.property(
        fc.nat(527_040),
        decimal(2_147_483_647),
        decimal(9_999),
        (minutes, hourly_rate, multiplier) => {
          const amount = amountOf({ billable_minutes: minutes, hourly_rate, multiplier });
          expect(cents(amount)).toBe(
            halfUp(BigInt(minutes) * cents(hourly_rate) * cents(multiplier), 6_000n),
          );
        },
      ),
    );
  });
});

/** Of every day: what was credited counts for nothing, and the rest comes to its rounded sum, or to what was billed. */
function expectRounded(rows: (Member & { credits_id: string | null })[]): void {
  const credited = new Set(rows.map(one => one.credits_id));
  const days = new Map<string, Member[]>();
  for (const one of rows) {
    if (!one.is_billable || one.credits_id !== null || credited.has(one.id)) continue;
    const key = [one.client_id, one.labour_type, one.work_date].join();
    days.set(key, [...(days.get(key) ?? []), one]);
  }
  for (const day of days.values()) {
    const fixed = day.filter(one => one.status !== 'draft');
    const rounded = roundedMinutes(total(day, 'worked_minutes'), day[0]?.rounding ?? null);
    const expected = fixed.length === day.length ? 0 : rounded;
    expect(total(day, 'billable_minutes')).toBe(Math.max(expected, total(fixed, 'billable_minutes')));
  }
}

describe('summaries', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp();
  });
  afterAll(() => t.close());

  test('come to the sum of the entries, to the cent, however they are grouped', async () => {
    const clients = [await t.make('clients', { currency: 'EUR' }), await t.make('clients')].map(
      one => one.id,
    );
    for (const client_id of clients)
      await t.make('rate-rules', { client_id, labour_type: null, hourly_rate: '33.33', increment_minutes: 7, rounding: 'up', scope: 'day', valid_from: null, valid_to: null }); // prettier-ignore
    const projects = await Promise.all(clients.map(client_id => t.make('projects', { client_id })));
    const entries = fc.record({
      client: fc.nat(1),
      work_date: fc.nat(90).map(n => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10)),
      worked_minutes: fc.nat(200),
      labour_type: fc.constantFrom(...LABOUR_TYPES),
      hourly_rate: fc.option(decimal(20_000)),
      hasProject: fc.boolean(),
    });
    const act = (path: string, body: Body) => t.http('POST', `/api/billable-time/${path}`, { body });
    const write = async (count: number) => {
      const items = fc.sample(entries, count).map(({ client, hasProject, ...one }) => ({
        ...one,
        client_id: clients[client],
        project_id: hasProject ? projects[client]?.id : null,
      }));
      expect((await act('bulk', { items, atomic: true })).status).toBe(200);
    };
    const stored = async () =>
      (await t.http('GET', '/api/billable-time', { query: { limit: 1000 } })).body.items;
    await write(300);
    const billed = (await stored()).filter(one => String(one.work_date) < '2026-02-15');
    const ids = billed.map(one => one.id);
    for (const step of ['submit', 'approve']) await act(step, { ids });
    for (const [n, client_id] of clients.entries()) {
      const own = billed.filter(one => one.client_id === client_id).map(one => one.id);
      expect((await act('mark-billed', { ids: own, invoice_ref: `R-${n}` })).status).toBe(200);
    }
    const wrong = billed.filter(one => one.amount !== '0.00').slice(0, 60);
    for (const one of wrong) expect((await act(`${one.id}/credit`, { reason: 'Wrong' })).status).toBe(201);
    await write(200);
    const rows = (await stored()) as unknown as Record<string, string>[];
    expect(rows).toHaveLength(500 + wrong.length);
    expectRounded(rows as unknown as (Member & { credits_id: string | null })[]);
    const keys: Record<string, (row: Record<string, string>) => string | null> = {
      client: row => row.client_id ?? null,
      user: row => row.user_id ?? null,
      project: row => row.project_id ?? null,
      labour_type: row => row.labour_type ?? null,
      status: row => row.status ?? null,
      work_date: row => row.work_date ?? null,
      month: row => row.work_date?.slice(0, 7) ?? null,
    };
    for (const [group_by, keyOf] of Object.entries(keys)) {
      const sums = new Map<string, { minutes: number; cents: bigint }>();
      for (const row of rows) {
        const key = `${keyOf(row)} ${row.currency}`;
        const sum = sums.get(key) ?? { minutes: 0, cents: 0n };
        sums.set(key, {
          minutes: sum.minutes + Number(row.billable_minutes),
          cents: sum.cents + cents(row.amount ?? ''),
        });
      }
      const answer = await t.http('GET', '/api/billable-time/summary', { query: { group_by } });
      const groups = answer.body.groups as unknown as (Body & {
        amounts: { currency: string; amount: string }[];
      })[];
      const told = groups.flatMap(({ key, amounts }) =>
        amounts.map(one => [`${String(key)} ${one.currency}`, cents(one.amount)] as const),
      );
      expect(Object.fromEntries(told)).toEqual(
        Object.fromEntries([...sums].map(([key, sum]) => [key, sum.cents])),
      );
      const minutes = [...sums.values()].reduce((sum, one) => sum + one.minutes, 0);
      expect((answer.body.total as unknown as Body).billable_minutes).toBe(minutes);
    }
  });
});
