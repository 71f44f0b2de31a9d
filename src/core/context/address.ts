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
