import { nextTurn, turnIsOver } from '../workers/turns.js';
import { maskBlocks } from './blocks.js';
import { maskCommands } from './command-lines.js';
import { maskHeaders } from './headers.js';
import { marker } from './marker.js';
import { maskNamed, secretName } from './named-values.js';
import { maskTokens } from './token-shapes.js';

const MASKS = [maskBlocks, maskTokens, maskHeaders, maskNamed, maskCommands];
const MOST_ROUNDS = 5;

/**
 * A text with `[redacted:<kind>]` in the place of each secret that is known by its shape or by what stands beside it:
 * private keys, tokens of known formats, headers and addresses that log in, values beside names of secrets, passwords
 * on command lines, `<private>…</private>`. Everything else stays as it is; masking what is masked changes nothing.
 * Takes time in proportion to the length, whatever the content: up to some 10 ms for 64 KiB.
 */
export function redact(text: string): string {
  if (text === '') return text;
  let masked = text;
  // What one mask puts in may be beside what another looks for; text without secrets is looked through once.
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = masked;
    masked = MASKS.reduce((all, mask) => mask(all), before);
    if (masked === before) break;
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

/** The masked value at last, and before each text of it a stop. */
type Steps = Generator<undefined, unknown, undefined>;

function* maskingOf(value: unknown): Steps {
  if (typeof value === 'string') {
    yield;
    return redact(value);
  }
  if (Array.isArray(value)) return yield* eachOf(value, maskingOf);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  // A header or variable written as {"name": …, "value": …}.
  const named = entries.find(([key, one]) => /^(?:name|key|header)$/i.test(key) && typeof one === 'string');
  const kind = named && secretName(named[1] as string);
  return yield* entriesOf(entries, (one, key) => {
    const hidden = (kind && /^value$/i.test(key) && kind) || secretName(key);
    return hidden ? hidingOf(one, hidden) : maskingOf(one);
  });
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

/**
 * A body with these fields masked, as `prepare` of a service gives it on: others are let in between two fields, because
 * a request may bring many long ones, and between two texts of a field, because it may be a map of many.
 */
export async function redactFields<T extends Record<string, unknown>>(
  body: T,
  names: (keyof T)[],
): Promise<T> {
  const masked = { ...body };
  for (const name of names) {
    if (masked[name] === undefined) continue;
    const steps = maskingOf(masked[name]);
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done) {
        masked[name] = step.value as T[keyof T];
        break;
      }
      if (turnIsOver()) await nextTurn();
    }
  }
  return masked;
}
