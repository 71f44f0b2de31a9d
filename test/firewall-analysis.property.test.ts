import { monitorEventLoopDelay } from 'node:perf_hooks';
import fc from 'fast-check';
import { analyse } from '../src/estate/firewall-rules/analysis.js';
import type { Rule } from '../src/estate/firewall-rules/findings.js';
import { portRanges } from '../src/estate/firewall-rules/ports.js';
import { leastOfTries } from './harness/tries.js';

const PROTOCOLS = ['tcp', 'udp', 'icmp', 'esp'];
const DIRECTIONS = ['inbound', 'outbound'];
/** Two bits of each family are enough for every way in which networks lie to each other. */
const ADDRESSES = [0, 1, 2, 3];
const PORTS = [1, 2, 3, 4, 5];
const FAMILIES = {
  4: { cidrs: ['0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1', '0.0.0.0/2', '64.0.0.0/2', '128.0.0.0/2', '192.0.0.0/2'] },
  6: { cidrs: ['::/0', '::/1', '8000::/1', '::/2', '4000::/2', '8000::/2', 'c000::/2'] },
} as const; // prettier-ignore
/** The addresses of each of these networks, in the same order. */
const HELD = [[0, 1, 2, 3], [0, 1], [2, 3], [0], [1], [2], [3]];
const PORT_LISTS = [null, '1-65535', '1', '2', '1-2', '1,3', '3-4', '2,4', '4,1-2', '1-3,4-65535'];

interface Packet { direction: string; protocol: string; family: 4 | 6; source: number; destination: number; from: number; to: number } // prettier-ignore

const PACKETS: Packet[] = DIRECTIONS.flatMap(direction =>
  PROTOCOLS.flatMap(protocol =>
    ([4, 6] as const).flatMap(family =>
      ADDRESSES.flatMap(source =>
        ADDRESSES.flatMap(destination =>
          (protocol === 'tcp' || protocol === 'udp' ? PORTS : [0]).flatMap(from =>
            (protocol === 'tcp' || protocol === 'udp' ? PORTS : [0]).map(to => ({
              direction, protocol, family, source, destination, from, to,
            })),
          ),
        ),
      ),
    ),
  ),
); // prettier-ignore

/** Written from what a rule means, for one packet at a time. */
function matches(rule: Rule, packet: Packet): boolean {
  const hasAddress = (cidr: string | null, address: number) => {
    if (cidr === null) return true;
    const place = (FAMILIES[packet.family].cidrs as readonly string[]).indexOf(cidr);
    return HELD[place]?.includes(address) ?? false;
  };
  const hasPort = (ports: string | null, port: number) =>
    ports === null ||
    ports.split(',').some(item => {
      const [first = 0, last = first] = item.split('-').map(Number);
      return port >= first && port <= last;
    });
  return (
    (rule.direction === 'both' || rule.direction === packet.direction) &&
    (rule.protocol === 'any' || rule.protocol === packet.protocol) &&
    hasAddress(rule.source_cidr, packet.source) &&
    hasAddress(rule.destination_cidr, packet.destination) &&
    hasPort(rule.source_port, packet.from) &&
    hasPort(rule.destination_port, packet.to)
  );
}

const cidrs = fc.constantFrom(4 as const, 6 as const).chain(family => {
  const cidr = fc.oneof(fc.constant(null), fc.constantFrom(...FAMILIES[family].cidrs));
  return fc.record({ source_cidr: cidr, destination_cidr: cidr });
});
const kinds = fc
  .record({
    direction: fc.constantFrom('inbound', 'outbound', 'both'),
    action: fc.constantFrom('allow', 'deny'),
    protocol: fc.constantFrom('any', 'any', 'tcp', 'udp', 'icmp'),
    source_port: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, fc.constantFrom(...PORT_LISTS)),
    destination_port: fc.constantFrom(...PORT_LISTS),
  })
  .map(one => (one.protocol === 'icmp' ? { ...one, source_port: null, destination_port: null } : one));
const rules = fc
  .array(fc.tuple(kinds, cidrs), { maxLength: 14 })
  .map(list =>
    list.map(([kind, place], n): Rule => ({ id: `id${n}`, rule_order: n + 1, ...kind, ...place })),
  );

const idsOf = (findings: { rule_id: string }[]) => findings.map(one => one.rule_id);

test('what is found is what comparing packet by packet finds', async () => {
  await fc.assert(
    fc.asyncProperty(rules, async given => {
      const shadowed: string[] = [];
      const duplicates: string[] = [];
      const packetsOf = given.map(rule => PACKETS.filter(packet => matches(rule, packet)));
      for (const [n, rule] of given.entries()) {
        const own = packetsOf[n] as Packet[];
        const before = given.slice(0, n);
        const twin = before.some((one, place) => one.action === rule.action && packetsOf[place]?.length === own.length && own.every(packet => matches(one, packet))); // prettier-ignore
        if (twin) duplicates.push(rule.id);
        else if (own.every(packet => before.some(one => matches(one, packet)))) shadowed.push(rule.id);
      }
      const { findings, undecided } = await analyse(given);
      expect(undecided).toEqual([]);
      expect(idsOf(findings.filter(one => one.kind === 'shadowed'))).toEqual(shadowed);
      expect(idsOf(findings.filter(one => one.kind === 'duplicate'))).toEqual(duplicates);
      for (const { rule_id, by, kind, reason } of findings) {
        // Those that are named are enough.
        const named = given.filter(one => by.includes(one.id));
        const own = packetsOf[Number(rule_id.slice(2))] as Packet[];
        const isTaken = (packet: Packet) => named.some(one => matches(one, packet));
        const [taken, left] = reason.includes('All of IPv4') ? [4, 6] : [6, 4];
        const partOf = (family: number) => own.filter(packet => packet.family === family);
        if (kind === 'half_shadowed')
          expect([partOf(taken ?? 4).every(isTaken), partOf(left ?? 6).every(isTaken)]).toEqual([
            true,
            false,
          ]);
        else if (kind !== 'any_any')
          expect(own.every(packet => named.some(one => matches(one, packet)))).toBe(true);
        else expect(own.length).toBeGreaterThanOrEqual(4 * 4 * 5 * 5);
      }
    }),
    { numRuns: 150 },
  );
}, 120_000);

test('with less effort less is decided, and what is decided stays true', async () => {
  await fc.assert(
    fc.asyncProperty(rules, fc.integer({ min: 1, max: 4000 }), async (given, effort) => {
      const [all, some] = [await analyse(given), await analyse(given, effort)];
      const found = idsOf(some.findings.filter(one => one.kind === 'shadowed'));
      const shadowed = idsOf(all.findings.filter(one => one.kind === 'shadowed'));
      expect(shadowed).toEqual(expect.arrayContaining(found));
      expect([...found, ...some.undecided]).toEqual(expect.arrayContaining(shadowed));
      const exact = ['duplicate', 'any_any'];
      expect(idsOf(some.findings.filter(one => exact.includes(one.kind)))).toEqual(
        idsOf(all.findings.filter(one => exact.includes(one.kind))),
      );
    }),
    { numRuns: 100 },
  );
});

test('port lists are ranges in order that do not touch', () => {
  expect(portRanges('443,80,8000-8100,81,8050-8200')).toEqual([
    [80, 81],
    [443, 443],
    [8000, 8200],
  ]);
});

const base = { direction: 'inbound', action: 'allow', protocol: 'tcp', source_cidr: null, destination_cidr: null, source_port: null, destination_port: null } as const; // prettier-ignore
const many = (make: (n: number) => Partial<Rule>, length = 1000) =>
  Array.from({ length }, (_, n): Rule => ({ ...base, id: `id${n}`, rule_order: n + 1, ...make(n) }));
/** The n-th of some numbers that look like chance and are always the same. */
const scatter = (n: number, below: number) => (Math.imul(n + 1, 2654435761) >>> 8) % below;
const list = (n: number) => Array.from({ length: 36 }, (_, k) => 1000 + 80 * k + scatter(n * 41 + k, 70)).map(port => `${port}-${port + 9}`).join().slice(0, 251).replace(/,[^,]*$/, ''); // prettier-ignore

test.each<[string, Rule[]]>([
  ['hosts', many(n => ({ source_cidr: `10.0.${n >> 8}.${n & 255}/32`, destination_port: `${1 + (n % 7)}` }))],
  ['ports', many(n => ({ destination_port: `${n + 1}` }))],
  ['overlapping ports', many(n => ({ source_port: `${1 + scatter(n, 30_000)}-${30_000 + scatter(n + 7, 30_000)}`, destination_port: `${1 + scatter(n + 3, 30_000)}-${30_000 + scatter(n + 5, 30_000)}` }))],
  ['lists of ports', many(n => ({ source_port: list(n), destination_port: list(n + 500) }))],
  ['networks and ports', many(n => ({ source_cidr: `10.${scatter(n, 4) * 64}.0.0/10`, destination_cidr: `10.${scatter(n + 9, 128) * 2}.0.0/15`, source_port: `${1 + scatter(n, 3000)}-${3000 + scatter(n + 7, 3000)}`, destination_port: list(n) }))],
  ['networks of IPv6, twice as many', many(n => ({ source_cidr: `2001:db8:${n.toString(16)}::/64`, destination_cidr: `2001:db9:${n.toString(16)}:1::/64` }), 2000)],
])('1,000 rules of %s are answered soon, and let others in meanwhile', async (_name, given) => {
  await analyse(given.slice(0, 100));
  let took_ms = Infinity;
  const slowest = await leastOfTries(250, async () => {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const start = process.cpuUsage();
    await analyse(given);
    const { user, system } = process.cpuUsage(start);
    delay.disable();
    took_ms = Math.min(took_ms, (user + system) / 1000);
    return delay.max / 1e6;
  });
  expect(took_ms).toBeLessThan(2000);
  expect(slowest).toBeLessThan(250);
}); // prettier-ignore
