import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.process>;

/** Global unicast, all that is assigned of it: 2000::/3 (RFC 4291, IANA). */
const GLOBAL = ipaddr.parseCIDR('2000::/3');

/**
 * Whether everybody's network leads there: neither to this machine (loopback, unspecified), nor to those beside it
 * (private, link-local, CGNAT, multicast), nor to what is set aside for protocols or documents. An IPv4 address inside
 * of an IPv6 one (mapped) counts as itself; where it is translated on the way (6to4, Teredo, NAT64) it is refused.
 */
export function isPublic(text: string): boolean {
  const address = read(text);
  if (address?.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || address.match(GLOBAL);
}

/** Whether one of the networks, or addresses, holds it. */
export function isWithin(text: string, networks: readonly string[]): boolean {
  const address = read(text);
  return address !== undefined && networks.some(network => holds(network, address));
}

function holds(network: string, address: Address): boolean {
  if (!network.includes('/')) return read(network)?.toNormalizedString() === address.toNormalizedString();
  const [start, length] = ipaddr.parseCIDR(network);
  return start.kind() === address.kind() && address.match(start, length);
}

function read(text: string): Address | undefined {
  return ipaddr.isValid(text) ? ipaddr.process(text) : undefined;
}
