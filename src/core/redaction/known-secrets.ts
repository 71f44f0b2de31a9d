/** A text without the secrets that were looked for. */
export type Mask = (text: string) => string;

/** Secrets that are known by their value and not by their shape; the vault, which knows them, implements it. */
export abstract class KnownSecrets {
  /**
   * Looks which of the words of these texts are secrets. Asks for all of them together: many texts cost little more than
   * one. Joins the caller's unit when that has begun.
   *
   * @returns what masks them, in these texts and others; undefined where there is none
   */
  abstract maskFor(texts: Iterable<string>): Promise<Mask | undefined>;
}

/** Every text in a JSON value, names included. */
export function* textsIn(value: unknown): Generator<string, void, undefined> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const one of value) yield* textsIn(one);
  else if (typeof value === 'object' && value !== null)
    for (const [name, one] of Object.entries(value)) {
      yield name;
      yield* textsIn(one);
    }
}

/** A JSON value with each of its texts masked, names included. */
export function masked(value: unknown, mask: Mask): unknown {
  if (typeof value === 'string') return mask(value);
  if (Array.isArray(value)) return value.map(one => masked(one, mask));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [mask(name), masked(one, mask)]));
}
