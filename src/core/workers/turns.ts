/** How long one request may keep the event loop before others are let in. */
const TURN_MS = 20;

/** When the first work of this turn of the event loop began; 0 before it. */
let began = 0;

/** Whether this turn has lasted long enough. Asked before each piece of work, the first of which begins the turn. */
export function turnIsOver(): boolean {
  if (began !== 0) return performance.now() - began > TURN_MS;
  began = performance.now();
  setImmediate(() => (began = 0));
  return false;
}

/** Lets everybody else in who waits for the event loop, and begins a new turn. */
export async function nextTurn(): Promise<void> {
  await new Promise(resolve => setImmediate(resolve));
  turnIsOver();
}
