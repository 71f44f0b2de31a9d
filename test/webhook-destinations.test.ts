import { BlockList, createServer } from 'node:net';
import fc from 'fast-check';
import { startApp, type TestApp } from './app.js';
import { isAmong } from '../src/core/context/address.js';
import { isPublic } from '../src/operations/webhooks/destination/addresses.js';
import { destinationFault, mayReach } from '../src/operations/webhooks/destination/destination.js';
import { guardedLookup } from '../src/operations/webhooks/destination/lookup.js';
import { post } from '../src/operations/webhooks/destination/post.js';
import { isWanted } from '../src/operations/webhooks/event-patterns.js';
import { pauseAfter } from '../src/operations/webhooks/delivery/retries.js';
import { startReceiver } from './harness/receiver.js';
import { hookBed } from './harness/webhooks.js';

/** The registries of IANA of what is not globally reachable (2026), as Node.js' own code compares addresses. */
const special = new BlockList();
for (const [start, length] of [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12],
  ['192.0.0.0', 24], ['192.0.2.0', 24], ['192.31.196.0', 24], ['192.52.193.0', 24], ['192.88.99.0', 24],
  ['192.168.0.0', 16], ['192.175.48.0', 24], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24],
  ['224.0.0.0', 4], ['240.0.0.0', 4],
] as const) special.addSubnet(start, length, 'ipv4'); // prettier-ignore

const quad = (n: number) => [24, 16, 8, 0].map(shift => (n >>> shift) & 255).join('.');
const ipv4 = fc.oneof(
  fc.integer({ min: 0, max: 0xffffffff }),
  // Beside the edges.
  fc
    .tuple(
      fc.constantFrom(0x0a000000, 0x7f000000, 0xa9fe0000, 0xac100000, 0xc0a80000, 0x64400000, 0xe0000000),
      fc.integer({ min: -2, max: 2 }),
    )
    .map(([start, by]) => (start + by) >>> 0),
);

describe('an address', () => {
  it('of IPv4 is public where no registry sets it aside, however it is written', () => {
    fc.assert(
      fc.property(ipv4, n => {
        const text = quad(n);
        const expected = !special.check(text, 'ipv4');
        expect(isPublic(text)).toBe(expected);
        expect(isPublic(`::ffff:${text}`)).toBe(expected);
        const [a = 0, b = 0, c = 0, d = 0] = text.split('.').map(Number);
        const forms = [
          ...[text, `${text}.`, String(n), `0x${n.toString(16)}`, `0${n.toString(8)}`],
          ...[
            `${a}.${b}.${c * 256 + d}`,
            `0x${a.toString(16)}.0${b.toString(8)}.${c}.${d}`,
            `[::ffff:${text}]`,
          ],
        ];
        for (const form of forms)
          expect(destinationFault(`https://${form}/`, []) === undefined).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  it('of IPv6 is public only where it is global unicast and translates to nothing else', () => {
    const global = fc.ipV6().filter(text => !text.includes('.'));
    fc.assert(
      fc.property(global, text => {
        const first = parseInt(text.split(':')[0] || '0', 16);
        if (isPublic(text)) expect(first >= 0x2000 && first <= 0x3fff).toBe(true);
      }),
      { numRuns: 2_000 },
    );
    const refused = [
      '::', '::1', '::7f00:1', '::ffff:7f00:1', '::ffff:10.0.0.1', '64:ff9b::7f00:1', '64:ff9b::808:808',
      '64:ff9b:1::1', '2002:7f00:1::', '2002:808:808::1', '2001::1', '2001:db8::1', 'fe80::1', 'fec0::1', 'fc00::1',
      'fd12::1', 'ff02::1', '100::1', '3fff::1', '5f00::1', '4000::1', '1::1',
    ]; // prettier-ignore
    for (const one of refused) expect([one, isPublic(one)]).toEqual([one, false]);
    for (const one of ['2606:4700::1111', '2a00:1450:4001::1', '2001:4860:4860::8888', '8.8.8.8'])
      expect([one, isPublic(one)]).toEqual([one, true]);
  });

  it('may be one that the settings name', () => {
    expect(isAmong('10.20.0.9', ['10.20.0.0/24', 'fd00::/8'])).toBe(true);
    expect(isAmong('::ffff:10.20.0.9', ['10.20.0.0/24'])).toBe(true);
    expect(isAmong('fd00::9', ['10.20.0.0/24', 'fd00::/8'])).toBe(true);
    expect(isAmong('10.20.1.9', ['10.20.0.0/24', '10.20.1.8'])).toBe(false);
    expect(isAmong('10.20.1.8', ['10.20.1.8'])).toBe(true);
    expect(isAmong('10.20.0.9', ['::ffff:10.20.0.0/120'])).toBe(true);
    expect(isAmong('10.20.0.9', [])).toBe(false);
    expect(mayReach('8.8.8.8', 'http:', ['10.20.0.0/24'])).toBe(false);
    expect(mayReach('10.20.0.1', 'http:', ['10.20.0.0/24'])).toBe(true);
    expect(mayReach('169.254.169.254', 'https:', ['10.0.0.0/8'])).toBe(false);
  });
});

describe('a name', () => {
  /** Whether anything connects to 127.0.0.1 when a name is said to lead first here, then there. */
  async function connects(answers: string[][]): Promise<number> {
    let count = 0;
    const server = createServer(socket => void (count++, socket.destroy()));
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const asked = [...answers];
    const resolve = async () => (asked.shift() ?? ['127.0.0.1']).map(address => ({ address, family: 4 }));
    const lookup = guardedLookup(address => mayReach(address, 'https:', []), resolve);
    const signal = AbortSignal.timeout(300);
    const url = new URL(`https://rebinding.msp.example:${port}/`);
    await expect(post(url, '{}', { headers: {}, lookup, signal })).rejects.toThrow();
    await new Promise(resolve => server.close(resolve));
    return count;
  }

  it('that leads to this machine is not followed, nor one that leads there the second time', async () => {
    expect(await connects([['127.0.0.1']])).toBe(0);
    // 198.41.0.4 is public: nothing here answers as it.
    expect(await connects([['198.41.0.4', '127.0.0.1']])).toBe(0);
    expect(await connects([['198.41.0.4'], ['127.0.0.1']])).toBe(0);
  });
});

test('events are wanted by patterns', () => {
  expect(isWanted(['*'], 'site.created')).toBe(true);
  expect(isWanted(['site.*'], 'site.deleted')).toBe(true);
  expect(isWanted(['*.deleted'], 'site.deleted')).toBe(true);
  expect(isWanted(['site.created', 'contact.*', '*.deleted'], 'site.updated')).toBe(false);
});

test('pauses grow over a day, and end then', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), chance => {
      const pauses = [1, 2, 3, 4, 5].map(n => pauseAfter(n, 0, chance) ?? NaN);
      expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
      expect(pauses.reduce((sum, one) => sum + one)).toBeGreaterThan(86_400_000);
      expect(pauseAfter(6, 86_400_000, chance)).toBeUndefined();
      expect(pauseAfter(6, 86_399_999, chance)).toBeGreaterThan(0);
    }),
  );
});

describe('without an exception in the settings', () => {
  let t: TestApp;
  const hooks = hookBed(() => t);
  beforeAll(async () => void (t = await startApp()));
  beforeEach(() => hooks.begin());
  afterEach(() => hooks.end());
  afterAll(() => t.close());

  it.each([
    'http://hooks.msp.example/', 'https://127.0.0.1/', 'https://0x7f.1/', 'https://2130706433/', 'https://0177.0.0.1/',
    'https://127.1./', 'https://localhost/', 'https://a.localhost./', 'https://[::1]/', 'https://[::ffff:7f00:1]/',
    'https://10.0.0.1/', 'https://169.254.169.254/latest/', 'https://100.64.0.1/', 'https://224.0.0.1/', 'https://0.0.0.0/',
    'https://[64:ff9b::7f00:1]/', 'https://[2002:7f00:1::]/', 'https://[fe80::1]/', 'https://user:word@hooks.msp.example/',
    'https://user@hooks.msp.example/', 'https://hooks.msp.example:22/', 'https://hooks.msp.example:25/', 'ftp://hooks.msp.example/',
  ])('no webhook leads to %s', async url => {
    const { status, body } = await t.http('POST', '/api/webhooks', { body: { url, events: ['*'] } });
    expect(status).toBe(422);
    expect(body.details.errors[0]?.field).toBe('url');
    expect(body.error).not.toContain(url);
  }); // prettier-ignore

  it.each([
    '',
    'site',
    'site.',
    'site.read',
    'sites.created',
    '*.*.*',
    '**',
    'site.created ',
    'site.\u200bcreated',
  ])('no webhook wants %j', async pattern => {
    const body = { url: 'https://hooks.msp.example/', events: ['site.*', pattern] };
    const answer = await t.http('POST', '/api/webhooks', { body });
    expect([answer.status, answer.body.details.errors[0]?.field?.split('.')[0]]).toEqual([422, 'events']);
  });

  it('nothing is sent where only the database says so', async () => {
    const { id } = await hooks.make({ url: 'https://hooks.msp.example/' });
    const other = await startReceiver();
    for (const url of [
      hooks.receiver.url,
      other.url.replace('http:', 'https:'),
      `https://localhost:${other.port}/`,
    ]) {
      await t.change('UPDATE webhooks SET url = ?', [url]);
      await t.make('sites');
      await hooks.pass();
      const [last] = await hooks.deliveries(id);
      expect(last).toMatchObject({ status: 'pending', response_code: null });
      expect(last?.failure).toMatch(/^the address must /);
    }
    expect([...hooks.receiver.got, ...other.got]).toEqual([]);
    await other.close();
  });
});
