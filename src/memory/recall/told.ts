import { saysTheSame, shapeOf } from '../text/similarity.js';

/** The items without those that are told already, and without what says the same as one of these. */
export function withoutTold<T extends { id: string; text: string }>(
  items: readonly T[],
  told: ReadonlySet<string>,
): T[] {
  const shapes = items.filter(({ id }) => told.has(id)).map(({ text }) => shapeOf(text));
  const fresh = items.filter(({ id }) => !told.has(id));
  if (shapes.length === 0) return fresh;
  return fresh.filter(({ text }) => {
    const shape = shapeOf(text);
    return !shapes.some(one => saysTheSame(one, shape));
  });
}
