const LEFT_OUT = new WeakMap<object, readonly string[]>();

/** Marks fields of an answer that are told once: an answer that is given again (`Idempotency-Key`) is without them. */
export function notReplayed<T extends object>(answer: T, ...fields: (keyof T & string)[]): T {
  LEFT_OUT.set(answer, fields);
  return answer;
}

/** The answer as it may be given again. */
export function replayable(answer: unknown): unknown {
  const fields = typeof answer === 'object' && answer !== null ? LEFT_OUT.get(answer) : undefined;
  if (!fields) return answer;
  return Object.fromEntries(Object.entries(answer as object).filter(([name]) => !fields.includes(name)));
}
