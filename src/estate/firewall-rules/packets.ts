import { type AddressRange, rangeOf } from '../networks/address-range.js';
import type { Box, Range, Ranges } from './boxes.js';
import type { FirewallRule } from './firewall-rule.entity.js';
import { ALL_PORTS, portRanges } from './ports.js';

/** What a rule matches, and does with it. */
export type Match = Pick<
  FirewallRule,
  'direction' | 'protocol' | 'source_cidr' | 'source_port' | 'destination_cidr' | 'destination_port'
>;
type Family = AddressRange['family'];

const FAMILIES: Family[] = ['ipv4', 'ipv6'];
const ANY = { ipv4: '0.0.0.0/0', ipv6: '::/0' };
const DIRECTIONS: Record<string, number[]> = { inbound: [0], outbound: [1], both: [0, 1] };
/** The fourth stands for every other protocol (ESP, GRE …), which `any` alone matches. */
const PROTOCOLS: Record<string, number[]> = { tcp: [0], udp: [1], icmp: [2], any: [0, 1, 2, 3] };

/** The family that the addresses of a rule say; undefined where both are any address. */
export function familyOf({ source_cidr, destination_cidr }: Match): Family | undefined {
  const cidr = source_cidr ?? destination_cidr;
  return cidr === null ? undefined : rangeOf(cidr).family;
}

/**
 * Numbers the addresses of rules: those between two borders of their networks are alike to all of them, so that the
 * places of the borders are enough.
 */
class Addresses {
  /** By the text of the border: a Map hashes the lowest 64 bits of a bigint alone, which are alike in IPv6. */
  private readonly places: Map<string, number>;

  constructor(
    private readonly family: Family,
    cidrs: readonly string[],
  ) {
    const ranges = [ANY[family], ...cidrs].map(rangeOf).filter(one => one.family === family);
    const borders = ranges.flatMap(({ first, last }) => [first, last + 1n]);
    borders.sort((one, other) => (one < other ? -1 : Number(one > other)));
    const distinct = borders.filter((border, place) => border !== borders[place - 1]);
    this.places = new Map(distinct.map((border, place) => [String(border), place]));
  }

  range(cidr: string | null): Range {
    const { first, last } = rangeOf(cidr ?? ANY[this.family]);
    return [this.placeOf(first), this.placeOf(last + 1n) - 1];
  }

  private placeOf(border: bigint): number {
    return this.places.get(String(border)) ?? NaN;
  }
}

/** The packets of rules as boxes, for rules that are compared with each other. */
export class Packets {
  private readonly addresses: Record<Family, Addresses>;

  constructor(rules: readonly Match[]) {
    const cidrs = rules.flatMap(one => [one.source_cidr, one.destination_cidr]).filter(one => one !== null);
    const distinct = [...new Set(cidrs)];
    this.addresses = { ipv4: new Addresses('ipv4', distinct), ipv6: new Addresses('ipv6', distinct) };
  }

  /** The packets that a rule matches, a box for each family: kind, both addresses, both ports. */
  boxesOf(rule: Match): Box[] {
    const only = familyOf(rule);
    return (only ? [only] : FAMILIES).map(family => this.boxOf(rule, family));
  }

  private boxOf(rule: Match, family: Family): Box {
    const addresses = this.addresses[family];
    return [
      kindsOf(rule, family),
      [addresses.range(rule.source_cidr)],
      [addresses.range(rule.destination_cidr)],
      portRanges(rule.source_port),
      portRanges(rule.destination_port),
    ];
  }
}

/** Whether a rule is limited neither to addresses nor to ports. */
export function isUnlimited({
  protocol,
  source_cidr,
  source_port,
  destination_cidr,
  destination_port,
}: Match) {
  const isAny = (cidr: string | null) => cidr === null || cidr.endsWith('/0');
  const hasAll = (ports: string | null) => portRanges(ports).some(one => String(one) === String(ALL_PORTS));
  return (
    protocol !== 'icmp' &&
    isAny(source_cidr) &&
    isAny(destination_cidr) &&
    hasAll(source_port) &&
    hasAll(destination_port)
  );
}

/**
 * Family, direction and protocol as numbers. Only TCP and UDP have ports: `any` with ports means these two.
 */
function kindsOf({ direction, protocol, source_port, destination_port }: Match, family: Family): Ranges {
  const hasPorts = source_port !== null || destination_port !== null;
  const protocols = (PROTOCOLS[protocol] ?? []).filter(one => !hasPorts || one < 2);
  const kinds = (DIRECTIONS[direction] ?? []).flatMap(way =>
    protocols.map(one => FAMILIES.indexOf(family) * 8 + way * 4 + one),
  );
  const ranges: [number, number][] = [];
  for (const kind of kinds) {
    const open = ranges.at(-1);
    if (open && open[1] === kind - 1) open[1] = kind;
    else ranges.push([kind, kind]);
  }
  return ranges;
}
