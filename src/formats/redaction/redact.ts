import { maskBlocks } from './blocks.js';
import { maskCommands } from './command-lines.js';
import { maskHeaders } from './headers.js';
import { marker } from './marker.js';
import { maskNamed } from './named-values.js';
import { maskProse } from './prose.js';
import { secretName } from './secret-names.js';
import { maskTokens } from './token-shapes.js';
import { isNoSecret, looksChosen } from './values.js';

const MASKS = [maskBlocks, maskTokens, maskHeaders, maskCommands, maskNamed, maskProse];
const MOST_ROUNDS = 5;

/**
 * A text with `[redacted:<kind>]` in the place of each secret that is known by its shape or by what stands beside it:
 * private keys, tokens of known formats, headers and addresses that log in, values beside names of secrets, passwords
 * on command lines, `<private>…</private>`. Everything else stays as it is; masking what is masked changes nothing.
 * A sentence about passwords stays, and one that tells a password loses it when it looks chosen (letters beside digits or
 * signs, no name of a host, file, ticket or model); a plain word is masked only where a command or a configuration is evident.
 * Takes time in proportion to the length, whatever the content: some 5 ms for 64 KiB of ordinary text, up to some 50 ms
 * where nearly every word is masked; two or three times that in the first calls of a process, and on a busy machine.
 */
export function redact(text: string): string {
  if (text === '') return text;
  let masked = text;
  // What one mask puts in may be beside what another looks for; text without secrets is looked through once.
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = masked;
    masked = once(before);
    if (masked === before) break;
  }
  return masked;
}

function once(text: string): string {
  let masked = text;
  let lower = text.toLowerCase();
  for (const mask of MASKS) {
    const before = masked;
    masked = mask(before, lower);
    if (masked !== before) lower = masked.toLowerCase();
  }
  return masked;
}

/** As `redact`, for every text of a JSON value, names included; what stands under the name of a secret is masked whole. */
export function redactValue(value: unknown): unknown {
  const steps = maskingOf(value);
  for (;;) {
    const { done, value: masked } = steps.next();
    if (done) return masked;
  }
}

const NAME = /^(?:name|key|header|field|variable|param|parameter|property|setting|option)$/i;
const VALUE = /^(?:value|values|val)$/i;

/** The masked value at last, and before each text of it a stop. */
type Steps = Generator<undefined, unknown, undefined>;

/** The work of `redactValue` in steps, between which others may be let in. */
export function* maskingOf(value: unknown): Steps {
  if (typeof value === 'string') {
    yield;
    return redact(value);
  }
  if (Array.isArray(value)) return yield* listOf(value);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  // A header or variable written as {"name": …, "value": …}.
  const named = entries.find(([key, one]) => NAME.test(key) && typeof one === 'string');
  const kind = named && secretName(named[1] as string);
  return yield* entriesOf(entries, (one, key) => {
    const hidden = (kind && VALUE.test(key) && kind) || secretName(key);
    return hidden ? hidingOf(one, hidden) : maskingOf(one);
  });
}

/** A list; in one of pairs, as of headers, what follows the name of a secret is masked. */
function* listOf(list: unknown[]): Steps {
  const arePairs = list.length > 0 && list.every(isPair);
  let before: string | undefined;
  return yield* eachOf(list, one => {
    const kind = before === undefined ? undefined : secretName(before);
    before = typeof one === 'string' ? one : undefined;
    if (kind && before !== undefined && isValue(before)) return hidingOf(one, kind);
    const pair = arePairs ? (one as [string, unknown]) : undefined;
    const named = pair && secretName(pair[0]);
    return named ? pairOf(pair, named) : maskingOf(one);
  });
}

const isPair = (one: unknown) => Array.isArray(one) && one.length === 2 && typeof one[0] === 'string';

function* pairOf([name, value]: [string, unknown], kind: string): Steps {
  return [name, yield* hidingOf(value, kind)];
}

/** Whether a text behind the name of a secret is likely to be it: no flag and no other name. */
function isValue(text: string): boolean {
  return !text.startsWith('-') && looksChosen(text) && !isNoSecret(text) && secretName(text) === undefined;
}

/** Every text and number below a name that says what they are. */
function* hidingOf(value: unknown, kind: string): Steps {
  if (Array.isArray(value)) return yield* eachOf(value, one => hidingOf(one, kind));
  if (typeof value === 'object' && value !== null)
    return yield* entriesOf(Object.entries(value), one => hidingOf(one, kind));
  // A number of tokens is no token.
  const isPlain =
    value === '' || typeof value === 'boolean' || (kind === 'token' && typeof value === 'number');
  return value === null || isPlain ? value : marker(kind);
}

function* eachOf(list: unknown[], mask: (one: unknown) => Steps): Steps {
  const masked: unknown[] = [];
  for (const one of list) masked.push(yield* mask(one));
  return masked;
}

function* entriesOf(entries: [string, unknown][], mask: (one: unknown, key: string) => Steps): Steps {
  const masked: [string, unknown][] = [];
  for (const [key, one] of entries) {
    yield;
    masked.push([redact(key), yield* mask(one, key)]);
  }
  return Object.fromEntries(masked);
}
