import { maskingOf } from '../../formats/redaction/redact.js';
import { nextTurn, turnIsOver } from '../workers/turns.js';

/**
 * A body with these fields masked, as `prepare` of a service gives it on: others are let in between two fields, because
 * a request may bring many long ones, and between two texts of a field, because it may be a map of many.
 */
export async function redactFields<T extends Record<string, unknown>>(
  body: T,
  names: (keyof T)[],
): Promise<T> {
  const masked = { ...body };
  for (const name of names) {
    if (masked[name] === undefined) continue;
    const steps = maskingOf(masked[name]);
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done) {
        masked[name] = step.value as T[keyof T];
        break;
      }
      if (turnIsOver()) await nextTurn();
    }
  }
  return masked;
}
