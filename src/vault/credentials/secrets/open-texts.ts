import type { Mask } from '../../../core/redaction/known-secrets.js';
import { resourceOf } from '../../../core/resource/resource.js';
import { isDistinct, isHardToGuess } from '../../../formats/redaction/candidates.js';
import { maskingOf } from '../../../formats/redaction/known-values.js';
import { marker } from '../../../formats/redaction/marker.js';
import { Credential } from '../credential.entity.js';
import type { SecretField } from '../../../formats/credential-types.js';

const NAMES = ['service_name', 'username', 'name'] as const;
const ADDRESSES = ['external_url', 'internal_url'] as const;
/** What anybody reads who sees a credential, whether or not he may reveal its secrets. */
const OPEN_TEXTS = [...NAMES, ...ADDRESSES, 'notes'] as const;

type OpenTexts = Partial<Record<(typeof OPEN_TEXTS)[number], unknown>>;

/** A certificate is shown to everybody. */
const NO_SECRETS: readonly string[] = ['certificate'] satisfies SecretField[];
/** What in a secret is one by itself: the password of an address or a connection string, the seed of an `otpauth://`. */
const WITHIN = [
  /\/\/[^/?#@]*?:([^@/]+)@/,
  /(?:^|;)\s*(?:password|pwd)\s*=\s*([^;]+)/i,
  /[?&]secret=([^&]+)/i,
];
/** So much of a secret is looked through for others. */
const MOST_LOOKED_THROUGH = 2_048;
const USER_INFO = /(?<=\/\/[^/?#@:]*:)[^@/?#]+(?=@)/;
const MASKED = marker('vault');

/**
 * The texts of a credential without its own secrets, which stand sealed beside them: those that are long enough for it,
 * and no ordinary words. In an address the password is one whatever its length.
 *
 * @param secrets in the clear, by field
 */
export function withoutSecrets(texts: OpenTexts, secrets: Partial<Record<SecretField, string>>): OpenTexts {
  const own = Object.entries(secrets).flatMap(([field, value]) =>
    NO_SECRETS.includes(field) ? [] : [value, ...partsOf(value)],
  );
  const forms = own.flatMap(one => [one, one.trim(), encodeURIComponent(one.toWellFormed())]);
  const mask = maskingOf(new Map(forms.filter(isDistinct).map(one => [one, 'vault'])));
  const isOwn = (found: string) => own.includes(found) || own.includes(decoded(found));
  return maskedTexts(texts, mask, url => mask(url.replace(USER_INFO, one => (isOwn(one) ? MASKED : one))));
}

export function openTextsOf(row: OpenTexts): OpenTexts {
  return Object.fromEntries(OPEN_TEXTS.map(name => [name, row[name]]));
}

/**
 * Texts as `mask` leaves them; what grew beyond its column is cut. A name that is nothing but a secret which anybody
 * guesses (user and password `kiosk-01`) stays: without it nobody could log in, or find the credential.
 */
export function maskedTexts(texts: OpenTexts, mask: Mask, inAddress = mask): OpenTexts {
  const inName = (name: string) => (mask(name) === MASKED && !isHardToGuess(name) ? name : mask(name));
  const { byName } = resourceOf(Credential);
  const masked: OpenTexts = {};
  for (const [names, how] of [
    [NAMES, inName],
    [ADDRESSES, inAddress],
    [['notes'], mask],
  ] as const)
    for (const name of names) {
      const text = texts[name];
      if (typeof text === 'string') masked[name] = how(text).slice(0, byName.get(name)?.column.length);
    }
  return masked;
}

function partsOf(secret: string): string[] {
  const found = WITHIN.flatMap(pattern => pattern.exec(secret.slice(0, MOST_LOOKED_THROUGH))?.[1] ?? []);
  return found.flatMap(one => [one, decoded(one)]);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
