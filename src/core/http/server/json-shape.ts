/** The most that a body may have: levels, keys of one object, items of one list. */
export interface ShapeLimits {
  depth: number;
  keys: number;
  items: number;
}

const [QUOTE, BACKSLASH, COMMA, OBJECT, LIST, OBJECT_END, LIST_END] = [...Buffer.from('"\\,{[}]')];

/**
 * What is too much in a body that says that it is JSON, without reading it: 1 MB in 2 ms, whatever it holds. Nothing
 * is said of what is no JSON. `most` is the number of values of all lists and objects together.
 */
export function faultOfShape(
  body: Uint8Array,
  { depth: deepest, keys, items }: ShapeLimits,
  most: number,
): { message: string; rule: string } | undefined {
  const members = new Uint32Array(deepest + 1);
  const bounds = new Uint32Array(deepest + 1);
  let depth = 0;
  let values = 0;
  for (let at = 0; at < body.length; at++) {
    const one = body[at];
    if (one === QUOTE) at = endOfText(body, at);
    else if (one === OBJECT || one === LIST) {
      if (++depth > deepest) return { message: `is nested deeper than ${deepest} levels`, rule: 'depth' };
      members[depth] = 1;
      bounds[depth] = one === LIST ? items : keys;
    } else if (one === OBJECT_END || one === LIST_END) depth = Math.max(0, depth - 1);
    else if (one === COMMA) {
      if (++values >= most) return { message: `has more than ${most} values`, rule: 'size' };
      const bound = bounds[depth] ?? 0;
      if (depth > 0 && (members[depth] = (members[depth] ?? 0) + 1) > bound)
        return { message: `holds something with more than ${bound} members`, rule: 'size' };
    }
  }
  return undefined;
}

/** Where the quote stands that closes the one here; the end where none does. */
function endOfText(body: Uint8Array, from: number): number {
  let at = from + 1;
  while (at < body.length && body[at] !== QUOTE) at += body[at] === BACKSLASH ? 2 : 1;
  return at;
}
