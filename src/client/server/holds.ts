/**
 * What an answer must hold to be Opskeep's: `id` is a text, `scopes[]` a list of texts, `items[].id` a list of rows with
 * that text; with `?` at its end the text may be null, or absent.
 */
export type Holds = readonly string[];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isText(value: unknown, mayLack: boolean): boolean {
  return typeof value === 'string' || (mayLack && (value === null || value === undefined));
}

function has(body: Record<string, unknown>, path: string): boolean {
  const mayLack = path.endsWith('?');
  const [name = '', of] = path.replace('?', '').split('[]');
  const value = body[name];
  if (of === undefined) return isText(value, mayLack);
  if (!Array.isArray(value)) return false;
  const list = value as unknown[];
  if (of === '') return list.every(one => isText(one, mayLack));
  return list.every(one => isObject(one) && isText(one[of.slice(1)], mayLack));
}

/** Whether a body is an object that holds all of these. */
export const isAnswer = (body: unknown, holds: Holds = []): boolean =>
  isObject(body) && holds.every(path => has(body, path));
