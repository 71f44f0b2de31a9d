import { isIP } from 'node:net';
import { isAmong } from '../../../core/context/address.js';
import { isPublic } from './addresses.js';

/** What is no service for others, but for the web itself. */
const LOWEST_PORT = 1024;
const WEB_PORTS = [80, 443];
/** A name of this machine (RFC 6761), which is asked of no name server. */
export const OWN_NAME = /(^|\.)localhost$/;

/** Whether deliveries may go to an address: a public one over https, or one that the settings name. */
export function mayReach(address: string, protocol: string, exceptions: readonly string[]): boolean {
  return isAmong(address, exceptions) || (protocol === 'https:' && isPublic(address));
}

/** The host as the network layer takes it: without the brackets of IPv6, and without the dots of the root. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.+$/, '');
}

/**
 * What is wrong with where a webhook leads, as far as the address itself tells: a name is looked up when it is used.
 * `URL` reads every way to write an IPv4 address (`0x7f.1`, `2130706433`, `0177.0.0.1`).
 *
 * @param exceptions WEBHOOK_ALLOW_PRIVATE
 */
export function destinationFault(text: string, exceptions: readonly string[]): string | undefined {
  if (!URL.canParse(text)) return 'must be an absolute address';
  const url = new URL(text);
  const { protocol, username, password, port } = url;
  const isHttp = protocol === 'http:' && exceptions.length > 0;
  if (protocol !== 'https:' && !isHttp)
    return 'must begin with https:// (http:// only into networks that WEBHOOK_ALLOW_PRIVATE names)';
  if (username !== '' || password !== '') return 'must hold no user and no password';
  if (port !== '' && Number(port) < LOWEST_PORT && !WEB_PORTS.includes(Number(port)))
    return `must have the port ${WEB_PORTS.join(', ')}, or one from ${LOWEST_PORT}`;
  const host = hostOf(url);
  const addresses = isIP(host) ? [host] : OWN_NAME.test(host) ? ['127.0.0.1', '::1'] : undefined;
  if (host === '' || (addresses && !addresses.some(one => mayReach(one, protocol, exceptions))))
    return NOT_PUBLIC;
  return undefined;
}

export const NOT_PUBLIC = 'must lead to a public address, or into a network that WEBHOOK_ALLOW_PRIVATE names';
