import { holdsOne } from './hints.js';
import { isMarker, marker } from './marker.js';
import { looksRandom } from './values.js';

const AUTHORIZATION =
  /(?<!\[redacted:)(authorization["'\\]{0,9}[ \t]{0,8}[:=][ \t]{0,8}["'\\]{0,9})((?:bearer|basic|digest|token|negotiate|ntlm|apikey|bot|sharedkey|aws4-hmac-sha256)[ \t]{1,8})?([^\s"'\\][^\r\n"'\\]*)/gi;
const COOKIE =
  /(?<!\[redacted:)((?:set-)?cookie["'\\]{0,9}[ \t]{0,8}:[ \t]{0,8}["'\\]{0,9})([^\s"'\\=]{1,256}=[^\r\n"'\\]*)/gi;
const SCHEME = /(?<![A-Za-z])(bearer|basic)([ \t]{1,8})([A-Za-z0-9._~+/=-]{12,})/gi;
const USERINFO = /(:\/\/[^\s:/?#@'"<>]{0,256}:)([^\s/'"<>]{1,1024})@/g;
const USER_ALONE = /(https?:\/\/)([A-Za-z0-9_.~%-]{16,512})@/g;

/** Masks headers that log in (RFC 9110 §11, RFC 6265), and what stands before the @ of an address (RFC 3986 §3.2.1). */
export function maskHeaders(text: string, lower: string): string {
  const named = holdsOne(lower, ['authorization', 'cookie', 'bearer', 'basic']) ? maskFields(text) : text;
  return lower.includes('://') ? maskAddresses(named) : named;
}

function maskFields(text: string): string {
  return text
    .replace(AUTHORIZATION, (all, name: string, scheme = '', value: string) =>
      isMarker(value.trim()) ? all : `${name}${scheme}${marker('authorization')}`,
    )
    .replace(COOKIE, (all, name: string, value: string) =>
      isMarker(value) ? all : `${name}${marker('cookie')}`,
    )
    .replace(SCHEME, (all, scheme: string, space: string, value: string) =>
      looksRandom(value, 12) ? `${scheme}${space}${marker('authorization')}` : all,
    );
}

function maskAddresses(text: string): string {
  return text
    .replace(USERINFO, (all, before: string, value: string) =>
      isMarker(value) ? all : `${before}${marker('url_password')}@`,
    )
    .replace(USER_ALONE, (all, before: string, value: string) =>
      looksRandom(value, 16) ? `${before}${marker('url_password')}@` : all,
    );
}
