/** Whole numbers from the first to the last, both included. */
export type Range = readonly [first: number, last: number];
/** In order, none touching another. */
export type Ranges = readonly Range[];
/** A set of points: in each dimension, one of these numbers. No dimension is empty. */
export type Box = readonly Ranges[];

function intersection(one: Ranges, other: Ranges): Range[] {
  const common: Range[] = [];
  for (let i = 0, j = 0; i < one.length && j < other.length;) {
    const [a, b] = [one[i] as Range, other[j] as Range];
    const [first, last] = [Math.max(a[0], b[0]), Math.min(a[1], b[1])];
    if (first <= last) common.push([first, last]);
    if (a[1] < b[1]) i++;
    else j++;
  }
  return common;
}

function difference(from: Ranges, cut: Ranges): Range[] {
  const left: Range[] = [];
  let j = 0;
  for (const [start, last] of from) {
    let first = start;
    while (j < cut.length && (cut[j] as Range)[1] < first) j++;
    for (let k = j; k < cut.length && (cut[k] as Range)[0] <= last; k++) {
      const hole = cut[k] as Range;
      if (hole[0] > first) left.push([first, hole[0] - 1]);
      first = hole[1] + 1;
    }
    if (first <= last) left.push([first, last]);
  }
  return left;
}

function holds(outer: Ranges, inner: Ranges): boolean {
  let place = 0;
  for (const [first, last] of inner) {
    while (place < outer.length && (outer[place] as Range)[1] < first) place++;
    const range = outer[place];
    if (!range || range[0] > first || range[1] < last) return false;
  }
  return true;
}

function meet(one: Ranges, other: Ranges): boolean {
  for (let i = 0, j = 0; i < one.length && j < other.length;) {
    const a = one[i] as Range;
    const b = other[j] as Range;
    if (a[0] <= b[1] && b[0] <= a[1]) return true;
    if (a[1] < b[1]) i++;
    else j++;
  }
  return false;
}

/** Whether the first box holds every point of the second one. */
export function covers(outer: Box, inner: Box): boolean {
  return inner.every((ranges, index) => holds(outer[index] as Ranges, ranges));
}

/** Whether two boxes have a point in common. */
export function overlap(one: Box, other: Box): boolean {
  for (let index = 0; index < one.length; index++)
    if (!meet(one[index] as Ranges, other[index] as Ranges)) return false;
  return true;
}

/**
 * The points of a box that another one does not hold, as boxes without a common point, at most one for each dimension;
 * undefined where the two have no point in common.
 */
export function without(box: Box, cut: Box): Box[] | undefined {
  if (!overlap(box, cut)) return undefined;
  const common = box.map((ranges, index) => intersection(ranges, cut[index] as Ranges));
  return box.flatMap((ranges, index) => {
    const outside = difference(ranges, cut[index] as Ranges);
    return outside.length === 0 ? [] : [[...common.slice(0, index), outside, ...box.slice(index + 1)]];
  });
}

/** How many ranges a box has. */
export function sizeOf(box: Box): number {
  return box.reduce((sum, ranges) => sum + ranges.length, 0);
}
