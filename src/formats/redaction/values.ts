import { isMarker, marker } from './marker.js';

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Long, of letters and digits that seldom repeat, and no UUID: more likely drawn than written. */
export function looksRandom(value: string, least = 16): boolean {
  const start = value.slice(0, 128);
  if (start.length < least || UUID.test(start)) return false;
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/].filter(one => one.test(start)).length;
  return kinds >= 2 && /[0-9A-Z]/.test(start.slice(1)) && new Set(start).size >= 8;
}

/** Words that stand where a secret would and are none. */
const WORDS = new Set(
  'true false null none nil undefined yes no on off string str text varchar boolean bool number int any unknown object required optional empty missing expired invalid unchanged'.split(
    ' ',
  ),
);
/** Variables of shells, placeholders of templates, and what somebody has masked already. */
const REFERENCE =
  /^(?:\$\{[^}]*\}|\$\([^)]*\)|\$[A-Z_][A-Z0-9_]*|\$env:\w+|%[A-Z_][A-Z0-9_]*%|\$?\{\{[^}]*\}\}|<[\w \t-]*>|[*•x.…?-]+)$/i;
/** A command in brackets whose result is the value, as in PowerShell, and what joins commands of a shell. */
const EXPRESSION = /^(?:\((?:[A-Za-z]{2,20}-[A-Za-z]{2,40}.*)?|\|\|?|&&?)$/s;
const VARIABLE = /^\$[A-Z_][A-Z0-9_]*$/;

/** Whether what stands beside the name of a secret is something else than one. */
export function isNoSecret(value: string): boolean {
  if (value === '' || isMarker(value) || WORDS.has(value.toLowerCase()) || EXPRESSION.test(value))
    return true;
  // In lower case it may be a password that begins with a dollar.
  if (/^\$[A-Za-z_]\w*$/.test(value)) return VARIABLE.test(value);
  return value.length <= 128 && REFERENCE.test(value);
}

/** Whether a word is more likely chosen than written: a digit, a sign, or a capital within. */
export function looksChosen(value: string): boolean {
  return /[\d!@#$%^&*+=_]|[a-z][A-Z]/.test(value);
}

/** The value behind `before` masked, its quotes left where they are; one that closes what began before stays outside. */
export function hideValue(all: string, before: string, value: string): string {
  const open = value.startsWith('\\') && isQuote(value[1]) ? 2 : isQuote(value[0]) ? 1 : 0;
  const last = value.length > open && isQuote(value.at(-1)) ? 1 : 0;
  const close = last > 0 && value.length > open + 1 && value.at(-2) === '\\' ? 2 : last;
  const inner = value.slice(open, value.length - close);
  if (isMarker(inner) || isNoSecret(inner)) return all;
  return `${before}${value.slice(0, open)}${marker('password')}${value.slice(value.length - close)}`;
}

const isQuote = (one: string | undefined) => one === '"' || one === "'";
