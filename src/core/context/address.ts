import ipaddr from 'ipaddr.js';

/**
 * Who an address is, for limits: IPv4 as it is (also when written as IPv6), IPv6 by its /64, because that is what a
 * single subscriber is given and can draw new addresses from without end.
 */
export function subscriberOf(ip: string): string {
  if (!ipaddr.isValid(ip)) return ip;
  const address = ipaddr.process(ip);
  if (address.kind() === 'ipv4') return address.toString();
  const parts = (address as ipaddr.IPv6).parts.slice(0, 4);
  return `${parts.map(part => part.toString(16)).join(':')}::/64`;
}

/** Whether an address is in one of these networks, both of IPv4 also when written as IPv6; none is everywhere. */
export function isWithin(ip: string | null, cidrs: readonly string[]): boolean {
  return cidrs.length === 0 || (ip !== null && isAmong(ip, cidrs));
}

/** Whether one of these networks or single addresses holds an address; none holds nothing. */
export function isAmong(ip: string, networks: readonly string[]): boolean {
  if (!ipaddr.isValid(ip)) return false;
  const address = ipaddr.process(ip);
  return networks.some(one => {
    const [network, bits] = networkOf(one);
    return network.kind() === address.kind() && address.match(network, bits);
  });
}

/** Bits of `::ffff:0:0/96`, behind which IPv4 is written as IPv6 (RFC 4291, 2.5.5.2). */
const MAPPED = 96;

function networkOf(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  if (!text.includes('/')) {
    const address = ipaddr.process(text);
    return [address, 8 * address.toByteArray().length];
  }
  const [network, bits] = ipaddr.parseCIDR(text);
  if (network instanceof ipaddr.IPv6 && bits >= MAPPED && network.isIPv4MappedAddress())
    return [network.toIPv4Address(), bits - MAPPED];
  return [network, bits];
}
