import { lazily } from './hints.js';
import { isMarker } from './marker.js';
import { isNoSecret } from './values.js';

/** Names of products, methods and machines with a number behind them. */
const NUMBERED =
  'windows|win|server|office|exchange|outlook|sharepoint|sqlserver|microsoft|ms|ubuntu|debian|centos|rhel|fedora|sha|md|aes|rsa|base|argon|bcrypt|pbkdf|scrypt|ms-?chapv|ntlmv|wpa|tls|ssl|https?|ipv|oauth|saml|fido|totp|python|php|node|ticket|case|error|event|line|page|version|release|build|level|phase|option|vlan|port|eth|usb';
const MACHINES =
  'srv|dc|fs|fw|nas|sw|ap|hv|esxi?|sql|web|mail|exch|vm|pc|ws|nb|lt|prn|print|printer|rds|ts|app|db|file|backup|router|switch|server|client|laptop|desktop|host|node|firewall|site|room|floor|building|user';

/** What has letters and digits or signs in every text, and is no password. */
const TECHNICAL = lazily(
  () =>
    new RegExp(
      [
        String.raw`1password\S*`,
        // Addresses: of the web, of files, of people, of machines and of networks.
        String.raw`\S*:\/\/\S*|[\\/~.]\S*|[a-z]:\\\S*|[^\\]{1,64}\\\S*|[a-z0-9]+\/[a-z0-9]+|[^/]*\/[^/]*\/\S*`,
        String.raw`[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,12}`,
        String.raw`[@#][a-z_-]+\d{0,3}`,
        String.raw`[\w-]+(?:\.[\w-]+)*\.(?:[a-z]{2,12}|[a-z]{1,3}\d)(?::\d+)?`,
        String.raw`(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}|0x[0-9a-f]+|[0-9a-f]*:[0-9a-f]*:[0-9a-f:.]*(?:%\w+)?(?:\/\d+)?`,
        String.raw`\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?|s-1-\d[\d-]+`,
        // Versions, quantities, dates and hours.
        String.raw`v?\d+(?:[.,]\d+)*[-.]?[a-z]{0,10}\d{0,3}|[$€£]?[\d.,]+[%€$]?[a-z]{0,3}|\d+(?:-[a-z]+)+|\d{1,4}[-./]\d{1,2}[-./]\d{1,4}\S*|\d{1,2}:\d{2}\S*`,
        String.raw`(?:${NUMBERED})[-_ ]?\d{1,7}(?:\.\d+)*[a-z]{0,3}|(?:laptop|desktop|win|pc|nb|srv|mac)-[a-z0-9]{5,12}|(?:${MACHINES})[a-z]{0,8}\d{1,3}`,
        // Assignments and calls of code, keys that are pressed together.
        String.raw`[a-z_][\w.]*[=(]\S*|(?:ctrl|alt|shift|win|strg|umschalt)\+\S+`,
      ]
        .map(one => `(?:${one})`)
        .join('|')
        .replace(/^/, '^(?:')
        .concat(')$'),
      'i',
    ),
);
/** Names of hosts, of models and of tickets, and accounts at hosts. */
const NAMES =
  /^(?:[A-Za-z]{1,16}\d{0,3}(?:[-_][A-Za-z]{0,16}\d{0,7}[A-Za-z]{0,3}){1,5}\+?|[A-Z]{1,6}\d{2,10}[A-Za-z]{0,3}\+?|[a-z_][a-z0-9_.-]{2,}@[a-z][a-z0-9.-]+)$/;
/** Words in capitals and a number, as people make passwords: `Winter-2026`. */
const WORDS_AND_NUMBER = lazily(() => /^(?:[A-Z]\p{Ll}{3,20}[-_]?){1,4}\d{2,4}$/u);

const LETTER = lazily(() => /\p{L}/u);
const DIGIT = /\d/;
const SIGN = /[!@#$%^*?§€&+=~|]/;
const SIGN_WITHIN = lazily(() => /[\p{L}][^\s]*[!@#$%^*§€][^\s]*[\p{L}\d]/u);

/** The end of a sentence may be the end of a password as well: it is no reason to take a word for one. */
const bare = (text: string) => text.replace(/[!?]{1,8}$/, '');

/** Whether a word of a sentence that says what a password is looks as a password does. */
export function isChosenWord(text: string): boolean {
  const word = bare(text);
  if (word.length < 6 || word.length > 128 || isMarker(word) || isNoSecret(word)) return false;
  if (!LETTER().test(word) || !(DIGIT.test(word) || SIGN_WITHIN().test(word))) return false;
  const isName = NAMES.test(word) && !WORDS_AND_NUMBER().test(word);
  return !isName && !TECHNICAL().test(word);
}

/** As `isChosenWord`, of a word that little announces: signs beside digits, or letters and digits that take turns. */
export function isStrongWord(text: string): boolean {
  const word = bare(text);
  if (word.length < 8 || !DIGIT.test(word) || !isChosenWord(word)) return false;
  if (SIGN.test(word)) return true;
  if (!/\p{Lu}/u.test(word) || !/\p{Ll}/u.test(word)) return false;
  return WORDS_AND_NUMBER().test(word) || (word.match(/\d\p{L}|\p{L}\d/gu) ?? []).length > 2;
}

/** As `isStrongWord`, with a sign, be it the last. */
export function isSignedWord(word: string): boolean {
  return SIGN.test(word) && isStrongWord(word);
}

/** As `isStrongWord`, as long as keys and tokens are. */
export function isLongWord(word: string): boolean {
  return word.length >= 12 && isStrongWord(word);
}

/** A number that opens a door: four digits or more, with the keys around them that are pressed. */
export function isCode(text: string): boolean {
  const word = bare(text);
  return /^[*#]?\d{4,12}[*#]?$/.test(word) && !/^#\d+$/.test(word);
}
