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

/** Every text in a JSON value, names included; of any depth. */
export function* textsIn(root: unknown): Generator<string, void, undefined> {
  const open = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === 'string') yield value;
    else if (Array.isArray(value)) for (let at = value.length - 1; at >= 0; at--) open.push(value[at]);
    else if (typeof value === 'object' && value !== null)
      for (const [name, one] of Object.entries(value).reverse()) open.push(one, name);
  }
}

/** A JSON value with each of its texts masked, names included; of any depth. */
export function masked(root: unknown, mask: Mask): unknown {
  const whole = [root];
  const open: object[] = [whole];
  for (let inner = open.pop(); inner; inner = open.pop())
    for (const [name, value] of Object.entries(inner)) {
      const copy = maskedOnce(value, mask);
      (inner as Record<string, unknown>)[name] = copy;
      if (typeof copy === 'object' && copy !== null) open.push(copy);
    }
  return whole[0];
}

/** A copy of a list or map, whose names are masked and whose values are not yet. */
function maskedOnce(value: unknown, mask: Mask): unknown {
  if (typeof value === 'string') return mask(value);
  if (Array.isArray(value)) return [...(value as unknown[])];
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [mask(name), one]));
}
