import ipaddr from 'ipaddr.js';

/** Global unicast, all that is assigned of it: 2000::/3 (RFC 4291, IANA). */
const GLOBAL = ipaddr.parseCIDR('2000::/3');

/**
 * Whether everybody's network leads there: neither to this machine (loopback, unspecified), nor to those beside it
 * (private, link-local, CGNAT, multicast), nor to what is set aside for protocols or documents. An IPv4 address inside
 * of an IPv6 one (mapped) counts as itself; where it is translated on the way (6to4, Teredo, NAT64) it is refused.
 */
export function isPublic(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || address.match(GLOBAL);
}
