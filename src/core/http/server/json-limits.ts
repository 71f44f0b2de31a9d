import { type FieldFault, ValidationError } from '../../context/errors.js';

export const MAX_DEPTH = 20;
/** Of one object; a body has far fewer fields, and a map at most 200. */
export const MAX_KEYS = 1000;
/** Of one list; no field takes more than 1,000. */
export const MAX_ITEMS = 10_000;
/** Of a whole body: validation walks through all of them. */
export const MAX_VALUES = 20_000;
/** Of a bulk request: 1,000 items with all of their fields, and lists in them. */
export const MAX_BULK_VALUES = 100_000;
/** What validation would leave out unsaid, wherever it stands, so that nothing of it reaches a prototype. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

const fault = (field: string, message: string, rule: string) => ValidationError.of(field, message, rule);

/** A list or map that is still to be looked into, and how it is reached. */
interface Inner {
  value: object;
  depth: number;
  name: string;
  outer?: Inner;
}

/**
 * Walks without recursion, so that depth is refused and not a stack overflow; size is refused before the walk.
 *
 * @param most values of all lists and objects together
 * @throws ValidationError for depth, size, NUL, half surrogates, and keys of `FORBIDDEN`
 */
export function inspectJson(root: unknown, most = MAX_VALUES): void {
  if (typeof root === 'string') inspectText(root);
  if (typeof root !== 'object' || root === null) return;
  const open: Inner[] = [{ value: root, depth: 1, name: '' }];
  let count = 0;
  for (let one = open.pop(); one; one = open.pop()) {
    const { value, depth } = one;
    const names = Object.keys(value);
    if (depth > MAX_DEPTH) throw fault(pathOf(one), `is nested deeper than ${MAX_DEPTH} levels`, 'depth');
    if (names.length > (Array.isArray(value) ? MAX_ITEMS : MAX_KEYS))
      throw fault(
        pathOf(one),
        `has more than ${Array.isArray(value) ? MAX_ITEMS : MAX_KEYS} members`,
        'size',
      );
    count += names.length;
    if (count > most) throw fault('body', `has more than ${most} values`, 'size');
    for (const name of names) {
      inspectText(name, one);
      if (FORBIDDEN.has(name)) throw fault(pathOf(one, name), 'is a key that is not allowed', 'key');
      const inner = (value as Record<string, unknown>)[name];
      if (typeof inner === 'string') inspectText(inner, one, name);
      else if (typeof inner === 'object' && inner !== null)
        open.push({ value: inner, depth: depth + 1, name, outer: one });
    }
  }
}

/** What is too much, or may not stand, in a row of a file, as it may not in a body; of the field `row` where it is no single one. */
export function rowFaults(row: object, most = MAX_VALUES): FieldFault[] {
  try {
    inspectJson(row, most);
    return [];
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    return (error.details.errors ?? []).map(one => (one.field === 'body' ? { ...one, field: 'row' } : one));
  }
}

/** `items.3.name` */
function pathOf(inner: Inner | undefined, name?: string): string {
  const names = name === undefined ? [] : [name];
  for (let at = inner; at?.outer; at = at.outer) names.unshift(at.name);
  return names.join('.').slice(0, 200).toWellFormed() || 'body';
}

function inspectText(text: string, inner?: Inner, name?: string): void {
  if (text.includes('\0')) throw fault(pathOf(inner, name), 'contains a NUL character', 'nul');
  if (!text.isWellFormed()) throw fault(pathOf(inner, name), 'is not well-formed Unicode', 'unicode');
}
