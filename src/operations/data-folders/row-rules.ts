import {
  ArrayMaxSize,
  IsArray,
  IsString,
  Matches,
  MaxLength,
  ValidateIf,
  validateSync,
} from 'class-validator';
import type { FieldFault } from '../../core/context/errors.js';
import { MAX_BULK_VALUES, rowFaults } from '../../core/http/server/json-limits.js';
import { normalizeText } from '../../core/resource/bodies/body-decorators.js';
import { MAX_TAGS, TAG_NAME } from '../../core/resource/tags/tagging.js';
import { canonical } from '../../core/table/codec.js';
import { defaultOf, type FieldSpec, type Type } from '../../core/table/field-spec.js';
import { IsVisible } from '../../core/table/validators.js';
import type { Part } from './folder-parts.js';

/** Of one field, or of the row. */
type Fault = Omit<FieldFault, 'field'> & Partial<Pick<FieldFault, 'field'>>;

export type Row = Record<string, unknown> & { id: string };

const TAG_RULES = [
  IsArray(),
  ArrayMaxSize(MAX_TAGS),
  IsString({ each: true }),
  Matches(TAG_NAME, { each: true, message: 'each must have no comma' }),
  MaxLength(100, { each: true }),
  IsVisible({ each: true }),
];

/** A class whose properties have the rules of the fields, those that the server sets included. */
function ruledClass({ fields, isTaggable }: Part): Type {
  const type = class {};
  const rule = (name: string, decorators: readonly PropertyDecorator[]) => {
    for (const decorate of decorators) decorate(type.prototype, name);
  };
  for (const { name, nullable, validators } of fields)
    rule(name, [...validators, ...(nullable ? [ValidateIf((_row: object, value: unknown) => value !== null)] : [])]); // prettier-ignore
  if (isTaggable) rule('tags', TAG_RULES);
  return type;
}

/** What the rows of a part have to be; and a row that is so as it is stored, with what no file has of it. */
export class RowRules {
  private readonly type: Type;
  private readonly known: Set<string>;
  private readonly hidden: FieldSpec[];

  constructor(private readonly part: Part) {
    this.type = ruledClass(part);
    this.known = new Set([...part.fields.map(one => one.name), ...(part.isTaggable ? ['tags'] : [])]);
    this.hidden = part.stored.fields.filter(
      one => !part.fields.includes(one) && !one.keyOf && !one.generated,
    );
  }

  /** Tells every fault; without one, the row and its tags. */
  read(given: Record<string, unknown>): { faults: Fault[] } | { row: Row; tags: string[] } {
    const unknown = Object.keys(given).filter(name => !this.known.has(name));
    // Names of columns are the folder's, not a value of it: but what is unknown is not repeated.
    if (unknown.length > 0)
      return { faults: [{ message: 'has a field that is not known', rule: 'unknown' }] };
    // What stands inside of a value is not repeated, its place neither. One row of a bulk may have had as much.
    const inside: Fault[] = rowFaults(given, MAX_BULK_VALUES).map(one => ({
      ...one,
      field: one.field.split('.')[0],
    }));
    if (inside.some(one => ['depth', 'size'].includes(one.rule))) return { faults: inside };
    const made: Record<string, unknown> = {};
    for (const field of this.part.fields) made[field.name] = valueOf(field, given[field.name]);
    if (this.part.isTaggable) made.tags = given.tags ?? [];
    const own = this.faultsOf(made);
    const faults = [...own, ...inside.filter(({ field }) => !own.some(one => one.field === field))];
    if (faults.length > 0) return { faults };
    const { tags = [], ...row } = made;
    for (const field of this.hidden) row[field.name] = defaultOf(field) ?? null;
    return { row: row as Row, tags: tags as string[] };
  }

  private faultsOf(made: Record<string, unknown>): FieldFault[] {
    const held = Object.assign(new this.type(), made);
    const found = validateSync(held, { forbidUnknownValues: false, validationError: { target: false, value: false } }); // prettier-ignore
    return found.flatMap(
      ({ property, constraints = {} }) =>
      Object.entries(constraints).map(([rule, message]) => ({ field: property, message: message.replace(`${property} `, ''), rule })), // prettier-ignore
    );
  }
}

function valueOf(field: FieldSpec, value: unknown): unknown {
  if (value === undefined) return defaultOf(field) ?? null;
  const text = field.normalize ? normalizeText(field, value) : value;
  try {
    return canonical(field, text);
  } catch {
    // Not of its kind: its rules say so.
    return text;
  }
}
