import { redact } from '../../formats/redaction/redact.js';

/** What is longer is not looked through: it is no note. */
const MOST_NOTES = 65_535;
/** Shorter ones are in any text. */
const LEAST_SECRET = 5;

/**
 * Whether a text that would stand in the clear holds a secret: one that is known by its shape, or one of its own entry.
 *
 * @param secrets of the entry
 */
export function tellsSecret(text: string, secrets: readonly string[]): boolean {
  return (
    text.length > MOST_NOTES ||
    redact(text) !== text ||
    secrets.some(one => one.length >= LEAST_SECRET && text.includes(one))
  );
}

/** The line of notes that says what was sealed in credentials of their own. */
export const sealedBeside = (names: readonly string[]) =>
  `Sealed beside it: ${[...new Set(names)].join(', ')}`;
