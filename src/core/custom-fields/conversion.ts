import { ValidationError } from '../context/errors.js';
import type { CustomField } from './definitions.js';
import type { Kind } from './kinds.js';

/** What a value of one kind says in another, to be checked by that; undefined where it says nothing there. */
function said(value: unknown, to: Kind): unknown {
  if (to === 'list') return Array.isArray(value) ? value : [String(value)];
  if (Array.isArray(value)) return value.length === 1 ? said(value[0], to) : undefined;
  const text = String(value);
  if (to === 'whole') return /^-?\d{1,10}$/.test(text) ? Number(text) : undefined;
  if (to === 'flag') return text === 'true' ? true : text === 'false' ? false : undefined;
  if (to === 'moment' && /^\d{4}-\d\d-\d\d$/.test(text)) return `${text}T00:00:00Z`;
  return text;
}

/** A value as one of the field; undefined where nothing of it would be the same. */
export async function converted(field: CustomField, value: unknown): Promise<unknown> {
  const given = said(value, field.definition.kind);
  if (given === undefined) return undefined;
  try {
    return await field.checked(given);
  } catch (error) {
    if (error instanceof ValidationError) return undefined;
    throw error;
  }
}
