import { lazily } from './hints.js';

const PASSWORD = String.raw`pass(?:word|wd|phrase|code|wort|key)|(?<!by|com|tres|sur|im)pass|pwd|kennwort|contrase[nñ]a|mot de passe|(?<![a-z])pw(?![a-z])|psk`;
const TOKEN = 'token|jwt';
const KEY = String.raw`(?:api|access|secret|private|account|shared|encryption|signing|master|auth|storage|subscription|service|app|client|ssh|function)s?[_-]?(?:access[_-]?)?key`;
const SECRET = String.raw`secret|(?<!ps)credential|(?:recovery|backup|unlock|scratch)[_ -]?(?:code|key)|(?:mfa|totp|otp|2fa)[_-]?(?:seed|code)|connection[_-]?string|conn[_-]?str|(?<![a-z])pin(?![a-z])`;
/** Names of much else, too: their values are masked when they look as if they were drawn. */
const WEAK = String.raw`(?<![a-z])(?:_?auth|sig|signature|key|code|otp|salt|seed)(?![a-z])`;
/** A word that names a secret: one group for each of the kinds. */
export const NAME = lazily(() => new RegExp(`(${PASSWORD})|(${TOKEN})|(${KEY})|(${SECRET})|(${WEAK})`, 'gi'));
/** Of which each such word holds one. */
export const IN_NAMES =
  'pass pwd kennwort contrase pw psk token jwt key secret credential code seed conn pin auth sig otp salt'.split(
    ' ',
  );
export const KINDS = ['password', 'token', 'key', 'secret', 'secret'];

/** What may follow the word within its name: `token_2`, `secret_value`; not `token_type`. It reads each text in one way. */
export const SUFFIX =
  /^(?:[_-]?(?:access|key|token|secret|value|plain|text|base64|b64|hash|old|new|current|s|\d+(?!\d)))*$/i;
/** Tokens and secrets: words that are parts of others, such as `viatoken`. */
const SHORT = new Set([1, 3]);
const BEFORE =
  /^(?:access|api|app|auth|bearer|bot|client|csrf|db|device|id|my|oauth|push|refresh|sas|session|user|web|xsrf)$/i;
const HEADER = /^(?:proxy-)?authorization$|^(?:set-)?cookie$/i;

/** The kind of secret that a field of this name holds; undefined when none. */
export function secretName(name: string): string | undefined {
  if (name.length > 128) return undefined;
  if (HEADER.test(name)) return 'authorization';
  for (const found of name.matchAll(NAME())) {
    const kind = found.slice(1).findIndex(one => one !== undefined);
    const isNamed = kind !== 4 && SUFFIX.test(name.slice(found.index + found[0].length));
    if (isNamed && (!SHORT.has(kind) || isWord(name, found.index))) return KINDS[kind];
  }
  return undefined;
}

/** Whether a word of a name begins here, or follows one that often stands before it without anything between. */
function isWord(name: string, at: number): boolean {
  const [before] = /(?:[A-Z]?[a-z]+|[A-Z]+)$/.exec(name.slice(0, at)) ?? [];
  return before === undefined || /[a-z][A-Z]/.test(name.slice(at - 1, at + 1)) || BEFORE.test(before);
}
