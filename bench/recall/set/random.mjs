/**
 * Chance that is the same each time: the generator of numbers of Mulberry32, which a seed determines.
 *
 * @param {number} seed
 */
export function chance(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = most => Math.floor(next() * most);
  const shuffled = list => {
    const copy = [...list];
    for (let n = copy.length - 1; n > 0; n--) {
      const other = below(n + 1);
      [copy[n], copy[other]] = [copy[other], copy[n]];
    }
    return copy;
  };
  return {
    next,
    below,
    shuffled,
    /** One of a list. */
    one: list => list[below(list.length)],
    /** Whether, with this probability. */
    is: probability => next() < probability,
    /** So many different ones of a list. */
    some: (list, count) => shuffled(list).slice(0, count),
  };
}
