import type { RecallBody } from './recall.bodies.js';
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

/** Whether something was said in the conversation that asks, since it knows what is said in it. */
export function isOwn(
  { session_key, at }: { session_key?: string | null; at: string },
  {
    exclude_session_key,
    exclude_session_since,
  }: Pick<RecallBody, 'exclude_session_key' | 'exclude_session_since'>,
): boolean {
  if (exclude_session_key === undefined || session_key !== exclude_session_key) return false;
  return exclude_session_since === undefined || Date.parse(at) >= Date.parse(exclude_session_since);
}
