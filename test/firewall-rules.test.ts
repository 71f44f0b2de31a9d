import { type Body, type Shown, startApp, type TestApp } from './app.js';
import { entriesOf } from './harness/journal.js';

describe('firewall rules', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp();
  });
  afterAll(() => t.close());

  const device = async (client_id?: string) =>
    (await t.make('infrastructure', client_id ? { client_id } : {})).id;
  const post = (infrastructure_id: string, given: Body = {}) =>
    t.http('POST', '/api/firewall-rules', { body: { infrastructure_id, action: 'allow', ...given } });
  const rule = async (infrastructure_id: string, given: Body = {}): Promise<Shown> => {
    const answer = await post(infrastructure_id, given);
    expect([answer.status, answer.text]).toEqual([201, answer.text]);
    return answer.body;
  };
  const rulesOf = async (infrastructure_id: string) =>
    (await t.http('GET', '/api/firewall-rules', { query: { infrastructure_id, sort: 'rule_order' } })).body
      .items;
  const reorder = (infrastructure_id: string, ids: unknown[], token?: string) =>
    t.http('POST', '/api/firewall-rules/reorder', { body: { infrastructure_id, ids }, token });
  const analysis = (infrastructure_id: string, token?: string) =>
    t.http('GET', '/api/firewall-rules/analysis', { query: { infrastructure_id }, token });
  const threeRules = async (place: string) => {
    const rules = [await rule(place), await rule(place), await rule(place)];
    return rules.map(one => one.id);
  };

  test('a rule without a number comes behind the last one, also when many come at once', async () => {
    const place = await device();
    expect((await rule(place)).rule_order).toBe(1);
    await rule(place, { rule_order: 10 });
    const made = await Promise.all(Array.from({ length: 20 }, () => rule(place)));
    const numbers = made.map(one => one.rule_order as number).sort((one, other) => one - other);
    expect(numbers).toEqual(Array.from({ length: 20 }, (_, n) => n + 11));
    const taken = await post(place, { rule_order: 10 });
    expect([taken.status, taken.body.details.field]).toEqual([409, 'rule_order']);
    await rule(place, { rule_order: 1_000_000 });
    expect((await post(place)).status).toBe(409);
  });

  test('a rule that moves to another device comes behind the last one there', async () => {
    const [from, to] = [await device(), await device()];
    const { id } = await rule(from);
    await rule(to, { rule_order: 7 });
    const moved = await t.http('PATCH', `/api/firewall-rules/${id}`, { body: { infrastructure_id: to } });
    expect([moved.status, moved.body.rule_order]).toEqual([200, 8]);
  });

  test('what a rule matches makes sense', async () => {
    const place = await device();
    const refused = async (given: Body) => {
      const { status, body } = await post(place, given);
      return [status, [...new Set((body.details.errors ?? []).map(one => one.field))]];
    };
    for (const port of ['0', '65536', '80-', '90-80', '80,,443', '80, 443', '', 'http', 80])
      expect([port, ...(await refused({ destination_port: port }))]).toEqual([
        port,
        422,
        ['destination_port'],
      ]);
    for (const port of ['1', '65535', '8000-8100', '80,443,8000-8100'])
      expect((await rule(place, { protocol: 'tcp', source_port: port })).source_port).toBe(port);
    expect(await refused({ protocol: 'icmp', source_port: '80' })).toEqual([422, ['source_port']]);
    expect(await refused({ source_cidr: '10.0.0.1/24' })).toEqual([422, ['source_cidr']]);
    const mixed = { source_cidr: '10.0.0.0/24', destination_cidr: 'fd00::/64' };
    expect(await refused(mixed)).toEqual([422, ['destination_cidr']]);
  });

  describe('reordering', () => {
    test('numbers all rules in the order given, with an entry for each that moved', async () => {
      const place = await device();
      const [first, second, third] = await threeRules(place);
      const { status, body } = await reorder(place, [third, second, first]);
      expect([status, body.items.map(one => [one.id, one.rule_order, one.version])]).toEqual([
        200,
        [
          [third, 1, 2],
          [second, 2, 1],
          [first, 3, 2],
        ],
      ]);
      expect(await rulesOf(place)).toEqual(body.items);
      const moves = (await entriesOf(t, third as string)).filter(
        one => one.action === 'firewall_rule.reorder',
      );
      expect(moves).toMatchObject([{ changes: { rule_order: [3, 1] } }]);
    });

    test('is refused as a whole when a rule is left out, twice there or of another device', async () => {
      const [place, elsewhere] = [await device(), await device()];
      const ids = (await threeRules(place)) as [string, string, string];
      const before = await rulesOf(place);
      const { id: foreign } = await rule(elsewhere);
      expect((await reorder(place, ids.slice(1))).status).toBe(409);
      expect((await reorder(place, [...ids, foreign])).status).toBe(409);
      expect((await reorder(place, [ids[0], ids[1], foreign])).status).toBe(409);
      expect((await reorder(place, [ids[0], ids[1], ids[1].toUpperCase()])).status).toBe(422);
      expect((await reorder(place, [...ids, ids[0]])).status).toBe(422);
      expect((await reorder(place, [])).status).toBe(422);
      expect(await rulesOf(place)).toEqual(before);
    });

    test('several at once: one of the orders, whole, and nothing is lost', async () => {
      const place = await device();
      const ids = await threeRules(place);
      for (let n = 0; n < 5; n++) ids.push((await rule(place)).id);
      const orders = ids.map((_, n) => [...ids.slice(n), ...ids.slice(0, n)]);
      const answers = await Promise.all([
        ...orders.map(order => reorder(place, order)),
        ...ids.map(id => t.http('PATCH', `/api/firewall-rules/${id}`, { body: { name: `name of ${id}` } })),
      ]);
      expect(answers.map(one => one.status)).toEqual(answers.map(() => 200));
      const rules = await rulesOf(place);
      expect(orders).toContainEqual(rules.map(one => one.id));
      expect(rules.map(one => one.rule_order)).toEqual(ids.map((_, n) => n + 1));
      expect(rules.map(one => one.name)).toEqual(rules.map(one => `name of ${one.id}`));
    });

    test('with a rule added at the same time: the rule is there, behind, or the order was refused', async () => {
      const place = await device();
      const ids = await threeRules(place);
      const [ordered, added] = await Promise.all([reorder(place, [...ids].reverse()), rule(place)]);
      expect([200, 409]).toContain(ordered.status);
      const order = ordered.status === 200 ? [...ids].reverse() : ids;
      expect((await rulesOf(place)).map(one => one.id)).toEqual([...order, added.id]);
    });

    test('and the analysis are for those who see the device', async () => {
      const [own, other] = [(await t.make('clients')).id, (await t.make('clients')).id];
      const place = await device(own);
      const ids = await threeRules(place);
      const { token } = await t.user({ client_access: 'only', client_ids: [other] });
      expect((await reorder(place, ids, token)).status).toBe(404);
      expect((await analysis(place, token)).status).toBe(404);
      const reader = await t.user({ scopes: ['msp:read'] });
      expect((await reorder(place, ids, reader.token)).status).toBe(403);
      expect((await analysis(place, reader.token)).status).toBe(200);
    });
  });

  test('the analysis says which rules never decide, and why; disabled rules are left out', async () => {
    const place = await device();
    const tcp = (given: Body) => rule(place, { protocol: 'tcp', destination_port: '443', ...given });
    const low = await tcp({ source_cidr: '10.0.0.0/25', action: 'deny' });
    const high = await tcp({ source_cidr: '10.0.0.128/25', destination_port: '400-500' });
    const both = await tcp({ source_cidr: '10.0.0.0/24' });
    const again = await tcp({ source_cidr: '10.0.0.128/25', destination_port: '400-450,451-500' });
    await tcp({ source_cidr: '10.9.0.0/24', enabled: false });
    await tcp({ source_cidr: '10.9.0.0/25' });
    const open = await rule(place);
    const inside = await tcp({ action: 'reject' });
    const { status, body } = await analysis(place);
    const found = (one: Shown, kind: string, by: Shown[], reason: string) =>
      ({ rule_id: one.id, rule_order: one.rule_order, kind, by: by.map(({ id }) => id), reason }); // prettier-ignore
    expect([status, body]).toEqual([
      200,
      {
        findings: [
          found(both, 'shadowed', [low, high], 'Every packet that it matches is already decided by rules 1 (deny) and 2 (allow) together'),
          found(again, 'duplicate', [high], 'Matches the same packets as rule 2 (allow), with the same action'),
          found(open, 'any_any', [], 'Allows everything from any address to any address on every port'),
          found(inside, 'shadowed', [open], 'Every packet that it matches is already decided by rule 7 (allow)'),
        ],
        undecided: [],
      },
    ]); // prettier-ignore
    expect((await t.http('GET', '/api/firewall-rules/analysis')).status).toBe(422);
  });

  test('any address of one family is not any address', async () => {
    const place = await device();
    await rule(place, { source_cidr: '0.0.0.0/0' });
    await rule(place, { destination_cidr: '::/0' });
    expect(((await analysis(place)).body.findings as Body[]).map(one => one.reason)).toEqual([
      'Allows everything from any IPv4 address to any address on every port',
      'Allows everything from any address to any IPv6 address on every port',
    ]);
  });

  test('an earlier rule for all of one family says that the other family still comes to a rule for both', async () => {
    const place = await device();
    const all = await rule(place, { source_cidr: '0.0.0.0/0', action: 'deny' });
    const both = await rule(place, { action: 'deny', destination_port: '22', protocol: 'tcp' });
    await rule(place, { source_cidr: '0.0.0.0/0', protocol: 'tcp', destination_port: '22' });
    const findings = (await analysis(place)).body.findings as Body[];
    expect(findings.map(one => [one.rule_order, one.kind])).toEqual([
      [2, 'half_shadowed'],
      [3, 'shadowed'],
    ]);
    expect(findings[0]).toMatchObject({
      rule_id: both.id,
      by: [all.id],
      reason:
        'All of IPv4 that it matches is already decided by rule 1 (deny); IPv6 still passes to it, since no address of it is named',
    });
  });

  test('a device has at most 2,000 of them', async () => {
    const place = await device();
    const items = Array.from({ length: 1000 }, (_, n) => ({
      infrastructure_id: place,
      action: 'deny',
      rule_order: n + 1,
    }));
    const bulk = (from: number) =>
      t.http('POST', '/api/firewall-rules/bulk', {
        body: { items: items.map(one => ({ ...one, rule_order: one.rule_order + from })) },
      });
    expect([(await bulk(0)).status, (await bulk(1000)).status]).toEqual([200, 200]);
    const one = await post(place);
    expect([one.status, one.body.error]).toEqual([409, 'A device has at most 2000 rules']);
    expect(((await analysis(place)).body.findings as Body[]).length).toBeGreaterThan(1000);
    // With room for one more, one of several at once finds it, whatever numbers they ask for.
    const [last] = (await t.http('GET', `/api/firewall-rules?infrastructure_id=${place}&limit=1`)).body
      .items as Body[];
    await t.http('DELETE', `/api/firewall-rules/${String(last?.id)}`);
    const several = await Promise.all([1, 2, 3, 4, 5].map(n => post(place, { rule_order: 9000 + n })));
    expect(several.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
  }, 120_000);
});
