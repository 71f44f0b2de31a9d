import { isUUID, registerDecorator, type ValidationOptions } from 'class-validator';
import ipaddr from 'ipaddr.js';
import { isDay, isInstant } from '../database/values.js';

function rule(
  name: string,
  message: string,
  test: (value: unknown) => boolean,
): (options?: ValidationOptions) => PropertyDecorator {
  return options => (prototype, key) =>
    registerDecorator({
      name,
      target: prototype.constructor,
      propertyName: String(key),
      options: { message: options?.each ? `each ${message}` : message, ...options },
      validator: { validate: test },
    });
}

const isText = (value: unknown): value is string => typeof value === 'string';
const IPV4_PARTS = /^\d{1,3}(\.\d{1,3}){3}$/;

/** Longer than any address or network: reading one takes longer than its length. */
const LONGEST_CIDR = 64;

/** ipaddr.js also reads `10.1` and octal parts; four decimal parts or IPv6 without a zone are meant. */
export function isIpAddress(value: unknown): boolean {
  if (!isText(value) || value.length > LONGEST_CIDR || value.includes('%')) return false;
  return value.includes(':')
    ? ipaddr.IPv6.isValid(value)
    : IPV4_PARTS.test(value) && ipaddr.IPv4.isValidFourPartDecimal(value);
}

/** Address/prefix with no bit set behind the prefix. */
export function isCidr(value: unknown): boolean {
  if (!isText(value) || value.length > LONGEST_CIDR) return false;
  const [address = '', prefix = '', ...more] = value.split('/');
  if (more.length > 0 || !isIpAddress(address) || !/^(0|[1-9]\d{0,2})$/.test(prefix)) return false;
  if (!ipaddr.isValidCIDR(value)) return false;
  const [parsed, bits] = ipaddr.parseCIDR(value);
  const network =
    parsed.kind() === 'ipv4'
      ? ipaddr.IPv4.networkAddressFromCIDR(`${address}/${bits}`)
      : ipaddr.IPv6.networkAddressFromCIDR(`${address}/${bits}`);
  return network.toNormalizedString() === parsed.toNormalizedString();
}

/** Characters of an address. */
export const MAX_URL = 2000;

/** Reading a host takes the square of its length (Punycode, RFC 3492): length comes first. */
function isHttpUrl(value: unknown): boolean {
  if (!isText(value) || value.length > MAX_URL || !URL.canParse(value)) return false;
  return /^https?:$/.test(new URL(value).protocol);
}

function isTextMap(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  return entries.length <= 200 && entries.every(([key, text]) => isLine(key, 100) && isLine(text, 500));
}

/** Text on one line, of which nothing is invisible. */
function isLine(value: unknown, most: number): boolean {
  return isText(value) && value.length <= most && !INVISIBLE.test(value);
}

const LOGIN_EMAIL =
  /^[^\s@"<>(),;:\\[\]]{1,64}@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i;

/**
 * Zero-width, fillers, and what turns the direction of text: two names that look alike would be two. And what ends a
 * line or commands a terminal.
 */
const INVISIBLE = /[\p{Cf}\p{Cc}\p{Zl}\p{Zp}\u034f\u115f\u1160\u3164\uffa0]/u;
/** Control characters that are no line break and no tab. */
const CONTROLS = /(?![\t\n\r])\p{Cc}/u;
/** What shows nothing, spaces aside; U+2800 is the empty sign of Braille. */
const UNSEEN = /[\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** How many characters of a text can be seen; spaces between others are one each. */
export function visibleLength(text: string): number {
  return text.replace(/\s+/g, ' ').replace(UNSEEN, '').trim().length;
}

export const IsVisible = rule(
  'isVisible',
  'must not hold control characters, invisible ones, nor any that turn the direction of text',
  value => !isText(value) || !INVISIBLE.test(value),
);
export const IsPlain = rule(
  'isPlain',
  'must not hold control characters other than line breaks and tabs',
  value => !isText(value) || !CONTROLS.test(value),
);
export const HasVisible = (least: number): PropertyDecorator =>
  rule(
    'minLength',
    least === 1 ? 'must not be empty' : `must have at least ${least} visible characters`,
    value => isText(value) && visibleLength(value) >= least,
  )();
export const IsIpAddress = rule('isIpAddress', 'must be an IPv4 or IPv6 address', isIpAddress);
export const IsCidr = rule('isCidr', 'must be a network such as 10.20.0.0/24, without host bits', isCidr);
export const IsInstant = rule(
  'isInstant',
  'must be a time in ISO 8601 with an offset, such as 2026-01-31T08:00:00Z',
  isInstant,
);
export const IsDay = rule('isDay', 'must be a day as YYYY-MM-DD', isDay);
/** As `IsByteLength` of class-validator, which takes a hundred times as long. */
export const MaxBytes = (most: number): PropertyDecorator =>
  rule(
    'maxBytes',
    `must have at most ${most} bytes in UTF-8`,
    value => isText(value) && Buffer.byteLength(value) <= most,
  )();
/** As `ArrayUnique` of class-validator, which takes the square of the length; a UUID is the same in capital letters. */
export const IsWithoutRepeats = rule(
  'arrayUnique',
  'must not name anything twice',
  value => Array.isArray(value) && new Set(value.map(asStored)).size === value.length,
);
function asStored(value: unknown): unknown {
  const isId: boolean = isUUID(value);
  return isText(value) && isId ? value.toLowerCase() : value;
}
export const IsHttpUrl = rule('isHttpUrl', 'must be an absolute http or https address', isHttpUrl);
export const IsTextMap = rule(
  'isTextMap',
  'must be a map of at most 200 texts, keys of 100 and values of 500 characters, none of them invisible',
  isTextMap,
);
/** As `Matches` of class-validator, which looks at a text that is too long, too: many characters are of two units. */
export const Fits = (pattern: RegExp, most: number, must: string): PropertyDecorator =>
  rule('matches', must, value => isText(value) && (value.length > 2 * most || pattern.test(value)))();
export const IsLoginEmail = rule(
  'isLoginEmail',
  'must be an email address',
  value => isText(value) && LOGIN_EMAIL.test(value),
);
