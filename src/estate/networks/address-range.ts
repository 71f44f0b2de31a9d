import ipaddr from 'ipaddr.js';
import { nextTurn, turnIsOver } from '../../core/workers/turns.js';

/** The addresses of a network as numbers, first to last, of one family. */
export interface AddressRange {
  family: 'ipv4' | 'ipv6';
  first: bigint;
  last: bigint;
}

const numberOf = (address: ipaddr.IPv4 | ipaddr.IPv6) =>
  address.toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

/** A checked address as a number, with its family. */
export function addressOf(text: string): { family: 'ipv4' | 'ipv6'; value: bigint } {
  const address = ipaddr.parse(text);
  return { family: address.kind(), value: numberOf(address) };
}

/** @param cidr checked: address/prefix without host bits (RFC 4632, RFC 4291) */
export function rangeOf(cidr: string): AddressRange {
  const [address, prefix] = ipaddr.parseCIDR(cidr);
  const bits = BigInt(address.toByteArray().length * 8 - prefix);
  const first = numberOf(address);
  return { family: address.kind(), first, last: first + (1n << bits) - 1n };
}

const byPlace = (one: AddressRange, other: AddressRange) => {
  if (one.family !== other.family) return one.family < other.family ? -1 : 1;
  if (one.first !== other.first) return one.first < other.first ? -1 : 1;
  return one.last === other.last ? 0 : one.last > other.last ? -1 : 1;
};

/**
 * Pairs that share addresses, ordered by where they begin: one sweep over the sorted ranges, O(n log n + pairs).
 * Lazy, because n equal ranges are n² / 2 pairs; others are let in on the way, because there may be very many items.
 */
export async function* overlappingPairs<T>(
  items: Iterable<T> | AsyncIterable<T>,
  rangeOfItem: (item: T) => AddressRange,
): AsyncGenerator<[T, T], void, undefined> {
  const ranges: (AddressRange & { item: T })[] = [];
  for await (const item of items) {
    if (turnIsOver()) await nextTurn();
    ranges.push({ item, ...rangeOfItem(item) });
  }
  ranges.sort(byPlace);
  let open: typeof ranges = [];
  for (const range of ranges) {
    if (turnIsOver()) await nextTurn();
    open = open.filter(one => one.family === range.family && one.last >= range.first);
    for (const one of open) yield [one.item, range.item];
    open.push(range);
  }
}

/** What hosts may have: without network and broadcast address in IPv4 (but RFC 3021 for /31 and /32). */
export function hostsOf({ family, first, last }: AddressRange): AddressRange {
  if (last - first < 2n) return { family, first, last };
  return { family, first: first + 1n, last: family === 'ipv6' ? last : last - 1n };
}

export function textOf(family: 'ipv4' | 'ipv6', value: bigint): string {
  const bytes = Array.from({ length: family === 'ipv4' ? 4 : 16 }, (_, index) =>
    Number((value >> BigInt(8 * index)) & 255n),
  );
  return ipaddr.fromByteArray(bytes.reverse()).toString();
}
