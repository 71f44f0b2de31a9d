import fc from 'fast-check';
import {
  addressOf,
  hostsOf,
  overlappingPairs,
  rangeOf,
  textOf,
} from '../src/estate/networks/address-range.js';
import { type Body, startApp, type TestApp } from './app.js';
import { processTime } from './harness/thread-time.js';
import { leastOfTries } from './harness/tries.js';

async function pairsOf(cidrs: string[]): Promise<[string, string][]> {
  const pairs: [string, string][] = [];
  for await (const pair of overlappingPairs(cidrs, rangeOf)) pairs.push(pair);
  return pairs;
}

describe('networks', () => {
  let t: TestApp;
  let client_id: string;
  beforeAll(async () => {
    t = await startApp();
    client_id = (await t.make('clients')).id;
  });
  afterAll(() => t.close());

  const network = (given: Body = {}) => t.make('networks', { client_id, ...given });
  const refused = async (given: Body) => {
    const { status, body } = await t.http('POST', '/api/networks', {
      body: { client_id, name: 'x', cidr: '10.9.0.0/24', ...given },
    });
    return [status, (body.details.errors ?? []).map(one => one.field)];
  };

  test('gateway and DHCP range stand inside, in order, with both ends', async () => {
    expect(await refused({ gateway_ip: '10.8.0.1' })).toEqual([422, ['gateway_ip']]);
    expect(await refused({ gateway_ip: 'fe80::1' })).toEqual([422, ['gateway_ip']]);
    expect(await refused({ dhcp_start: '10.9.0.50', dhcp_end: '10.9.0.10' })).toEqual([422, ['dhcp_end']]);
    expect(await refused({ dhcp_start: '10.9.0.50' })).toEqual([422, ['dhcp_end']]);
    expect(await refused({ cidr: '10.9.0.1/24' })).toEqual([422, ['cidr']]);
    const { id } = await network({ cidr: '10.1.0.0/24', gateway_ip: '10.1.0.1' });
    const moved = await t.http('PATCH', `/api/networks/${id}`, { body: { cidr: '10.2.0.0/24' } });
    expect([moved.status, moved.body.details.field]).toEqual([422, 'gateway_ip']);
  });

  test('overlaps are found for one client, and only there', async () => {
    const place = (await t.make('clients')).id;
    const wide = await network({ client_id: place, cidr: '10.0.0.0/16' });
    const inside = await network({ client_id: place, cidr: '10.0.5.0/24' });
    await network({ client_id: place, cidr: '10.1.0.0/16' });
    await network({ client_id: place, cidr: 'fd00::/64' });
    const { body } = await t.http('GET', '/api/networks/overlaps', { query: { client_id: place } });
    expect(body.items.map(one => (one.networks as Body[]).map(row => row.id))).toEqual([
      [wide.id, inside.id],
    ]);
    const unnamed = await t.http('GET', '/api/networks/overlaps');
    expect([unnamed.status, unnamed.body.details.errors]).toEqual([
      422,
      [{ field: 'client_id', message: 'is required', rule: 'required' }],
    ]);
  });

  test('the overlap of the thousand-and-first network is found', async () => {
    const place = (await t.make('clients')).id;
    const items = Array.from({ length: 1000 }, (_, n) => ({
      client_id: place,
      name: `n${n}`,
      cidr: `10.${64 + (n >> 8)}.${n & 255}.0/24`,
    }));
    expect((await t.http('POST', '/api/networks/bulk', { body: { items } })).status).toBe(200);
    const last = await network({ client_id: place, cidr: '10.67.231.128/25' });
    const { body } = await t.http('GET', '/api/networks/overlaps', { query: { client_id: place } });
    expect(body.items.map(one => (one.networks as Body[]).map(row => row.id)[1])).toEqual([last.id]);
    expect(body.truncated).toBe(false);
  });

  test('free addresses leave out gateway, name servers, DHCP and known machines', async () => {
    await t.make('infrastructure', { client_id, ip_address: '10.3.0.3' });
    const { id } = await network({
      cidr: '10.3.0.0/28',
      gateway_ip: '10.3.0.1',
      dns_servers: ['10.3.0.2'],
      dhcp_start: '10.3.0.5',
      dhcp_end: '10.3.0.12',
    });
    const free = async (count: string) =>
      t.http('GET', `/api/networks/${id}/available-ips`, { query: { count } });
    expect((await free('10')).body.items).toEqual(['10.3.0.4', '10.3.0.13', '10.3.0.14']);
    expect((await free('1')).body.items).toEqual(['10.3.0.4']);
    for (const count of ['0', '257', 'x']) expect((await free(count)).status).toBe(422);
    const six = await network({ cidr: 'fd00:1::/64', gateway_ip: 'fd00:1::' });
    const { body } = await t.http('GET', `/api/networks/${six.id}/available-ips`, { query: { count: '2' } });
    expect(body.items).toEqual(['fd00:1::1', 'fd00:1::2']);
    const free6 = await network({ cidr: 'fd00:2::/64' });
    const first = await t.http('GET', `/api/networks/${free6.id}/available-ips`, { query: { count: '1' } });
    expect(first.body.items).toEqual(['fd00:2::1']);
  });
});

const ipv4 = fc.integer({ min: 0, max: 0xffffffff }).map(value => textOf('ipv4', BigInt(value)));

test('an address and its number are the same thing', () => {
  fc.assert(fc.property(ipv4, text => textOf('ipv4', addressOf(text).value) === text));
});

test('the pairs of the sweep are those of comparing each with each', async () => {
  const cidr = (family: 'ipv4' | 'ipv6', bits: number) =>
    fc
      .tuple(fc.bigInt({ min: 0n, max: 255n }), fc.integer({ min: bits - 8, max: bits }))
      .map(([value, prefix]) => {
        const size = 1n << BigInt(bits - prefix);
        return `${textOf(family, (value / size) * size)}/${prefix}`;
      });
  const holds = (outer: string, inner: string) => {
    const [range, other] = [rangeOf(outer), rangeOf(inner)];
    return range.family === other.family && other.first >= range.first && other.first <= range.last;
  };
  const texts = (pairs: Iterable<[string, string]>) => [...pairs].map(pair => pair.sort().join(' ')).sort();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(cidr('ipv4', 32), cidr('ipv6', 128)), { maxLength: 12 }),
      async cidrs => {
        const each = cidrs.flatMap((one, index) =>
          cidrs.slice(index + 1).map((other): [string, string] => [one, other]),
        );
        const expected = each.filter(([one, two]) => holds(one, two) || holds(two, one));
        expect(texts(await pairsOf(cidrs))).toEqual(texts(expected));
      },
    ),
  );
});

test('5,000 networks of both families are swept well under a second', async () => {
  const cidrs = Array.from({ length: 2_500 }, (_, n) => [
    `10.${n >> 8}.${n & 255}.0/24`,
    `fd00:0:0:${n.toString(16)}::/64`,
  ]).flat();
  const took = await leastOfTries(700, async () => {
    const began = processTime(process.pid);
    expect(await pairsOf([...cidrs, '10.9.195.128/25'])).toEqual([['10.9.195.0/24', '10.9.195.128/25']]);
    return processTime(process.pid) - began;
  });
  expect(took).toBeLessThan(700);
});

test('hosts: RFC 3021 keeps both addresses of a /31, RFC 4291 the first of a subnet for its routers', () => {
  const count = (cidr: string) => {
    const { first, last } = hostsOf(rangeOf(cidr));
    return last - first + 1n;
  };
  expect([count('10.0.0.0/24'), count('10.0.0.0/31'), count('10.0.0.0/32'), count('fd00::/126')]).toEqual([
    254n,
    2n,
    1n,
    3n,
  ]);
});
