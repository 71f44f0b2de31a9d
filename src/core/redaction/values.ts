import { isMarker } from './marker.js';

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Long, of letters and digits that seldom repeat, and no UUID: more likely drawn than written. */
export function looksRandom(value: string, least = 16): boolean {
  const start = value.slice(0, 256);
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
const VARIABLE = /^\$[A-Z_][A-Z0-9_]*$/;

/** Whether what stands beside the name of a secret is something else than one. */
export function isNoSecret(value: string): boolean {
  if (value === '' || isMarker(value) || WORDS.has(value.toLowerCase())) return true;
  // In lower case it may be a password that begins with a dollar.
  if (/^\$[A-Za-z_]\w*$/.test(value)) return VARIABLE.test(value);
  return value.length <= 128 && REFERENCE.test(value);
}
