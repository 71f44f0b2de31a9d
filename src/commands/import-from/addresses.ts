import ipaddr from 'ipaddr.js';

/** Hosts that are known inside alone: RFC 6762, RFC 8375, and what networks without a domain of their own use. */
const INSIDE = /(?:^[^.]+|\.(?:local|lan|internal|intranet|home\.arpa|localdomain))$/i;

export interface Addresses {
  external_url: string | null;
  internal_url: string | null;
  /** Those for which there is no field: others of the same kind, and what is no address of the web. */
  others: string[];
}

/** The first address from outside and the first of a private network; a host alone gets no scheme that nobody named. */
export function addressesOf(urls: string[]): Addresses {
  const found: Addresses = { external_url: null, internal_url: null, others: [] };
  for (const text of urls.map(one => one.trim()).filter(one => one !== '')) {
    const field = fieldOf(text);
    if (field && found[field] === null) found[field] = text;
    else found.others.push(text);
  }
  return found;
}

function fieldOf(text: string): 'external_url' | 'internal_url' | undefined {
  if (text.length > 2000 || !/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const host = new URL(text).hostname.replace(/^\[|\]$/g, '');
  if (ipaddr.isValid(host))
    return ipaddr.process(host).range() === 'unicast' ? 'external_url' : 'internal_url';
  return INSIDE.test(host) ? 'internal_url' : 'external_url';
}
