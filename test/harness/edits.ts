import type { FieldSpec } from '../../src/core/table/field-spec.js';
import type { ResourceSpec } from '../../src/core/resource/resource.js';

/** A harmless change: a field with values that no rule of the domain minds. */
export interface Edit {
  field: string;
  values: [unknown, unknown];
}

const FREE = ['notes', 'description', 'name', 'title', 'friendly_name', 'primary_contact', 'website'];
/** What changes the meaning of the row, or of others. */
const FAR_REACHING = ['is_required', 'default', 'resource', 'ended_at'];
const TEXTS: [unknown, unknown] = ['One', 'Two'];
const TIMES: [unknown, unknown] = ['2031-01-31T08:00:00.000Z', '2032-02-29T08:00:00.000Z'];

interface TextSchema {
  minLength?: number;
  maxLength?: number;
  format?: string;
  pattern?: string;
}

/** Any text will do: neither an address nor a network nor a time zone. */
function isPlainText(field: FieldSpec): boolean {
  const { minLength, maxLength = 0, format, pattern } = field.api as TextSchema;
  const isText = field.column.kind === 'long' || (field.column.kind === 'text' && minLength === 1);
  return isText && maxLength >= 20 && !field.choices && !field.unique && !field.lower && !format && !pattern;
}

export const isWritable = (field: FieldSpec) => !field.readOnly && !field.internal;

function editOf(field: FieldSpec): Edit | undefined {
  if (isPlainText(field)) return { field: field.name, values: TEXTS };
  if (field.column.kind === 'flag')
    return { field: field.name, values: [field.default !== true, field.default === true] };
  if (field.column.kind === 'moment' && field.nullable) return { field: field.name, values: TIMES };
  return undefined;
}

/**
 * Every harmless change of a resource, the most harmless first; flags and times last, because some mean something. What
 * the service gives when it is absent is none: a change of another field, stored later, may give it anew.
 */
export function editsOf(spec: ResourceSpec): Edit[] {
  const rank = (name: string) => (FREE.includes(name) ? FREE.indexOf(name) : FREE.length);
  const writable = spec.fields.filter(
    one => isWritable(one) && !one.assigned && !FAR_REACHING.includes(one.name),
  );
  return [
    ...writable.filter(isPlainText).sort((a, b) => rank(a.name) - rank(b.name)),
    ...writable.filter(one => one.column.kind === 'flag'),
    ...writable.filter(one => one.column.kind === 'moment' && one.nullable),
  ].flatMap(field => editOf(field) ?? []);
}

/** The first of them; every resource has one. */
export function anEdit(spec: ResourceSpec): Edit {
  const [edit] = editsOf(spec);
  if (!edit) throw new Error(`${spec.path} has no field that a test could change`);
  return edit;
}
