import type { OpskeepError } from '../../context/errors.js';

/** What an error is to the clients of somebody else's protocol. */
export type ErrorShape = (error: OpskeepError) => { status: number; body: object };

const shapes = new Map<string, ErrorShape>();

/** Below this path (`/v1/`) errors have the shape of the protocol that is spoken there, also where no route is reached. */
export function shapeErrors(prefix: string, shape: ErrorShape): void {
  shapes.set(prefix, shape);
}

/** Undefined where errors have our own shape. */
export function shapeOf(url: string): ErrorShape | undefined {
  for (const [prefix, shape] of shapes) if (url.startsWith(prefix)) return shape;
  return undefined;
}
