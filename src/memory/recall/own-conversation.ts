import type { RecallBody } from './recall.bodies.js';

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
