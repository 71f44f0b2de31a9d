import type { ColumnKind } from '../../core/database/columns.js';
import type { ResourceSpec } from '../../core/resource/resource.js';
import type { FieldSpec } from '../../core/table/field-spec.js';

const MOMENT = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:\d{2})?)?$/;
const TRUE = /^(1|true|t|yes|y)$/i;
const FALSE = /^(0|false|f|no|n)$/i;

/** A time without an offset is one in UTC. */
function momentOf(text: string): string {
  const [, day, time = '00:00:00', offset = 'Z'] = MOMENT.exec(text) ?? [];
  return day === undefined ? text : `${day}T${time}${offset}`;
}

export const isFalse = (text: string) => FALSE.test(text);

function flagOf(text: string): unknown {
  if (TRUE.test(text)) return true;
  return isFalse(text) ? false : text;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const READ: Partial<Record<ColumnKind, (text: string) => unknown>> = {
  moment: momentOf,
  flag: flagOf,
  whole: text => (/^-?\d{1,15}$/.test(text) ? Number(text) : text),
  big: text => (/^-?\d{1,15}$/.test(text) ? Number(text) : text),
  json: jsonOf,
};

/** The text of a cell as the API takes the field; as it is where it cannot be read so, and the field's rules refuse it. */
export function valueOf(field: FieldSpec, text: string): unknown {
  return READ[field.column.kind]?.(text) ?? text;
}

/** What places a row among others; it is told apart from what the row says. */
const PLACES = ['owner_id', 'visibility', 'client_id'];

/** The fields of a resource that a cell of the same name can fill. */
export function fillable(spec: ResourceSpec): Map<string, FieldSpec> {
  const fields = spec.fields.filter(
    ({ name, readOnly, internal, reference, primary, keyOf }) =>
      !readOnly && !internal && !reference && !primary && !keyOf && !PLACES.includes(name),
  );
  return new Map(fields.map(one => [one.name, one]));
}
