import type { ApiPropertyOptions } from '@nestjs/swagger';
import type { ColumnShape } from '../database/columns.js';
import type { OnDelete } from '../database/ddl.js';
import type { KeyOf } from './unique-key.js';

// A class that is named before it is defined: entities refer to each other in cycles.
export type Type<T = object> = new () => T;

/** What the field decorators take. */
export interface FieldOptions {
  /** Not required on create; null is a value. */
  optional?: boolean;
  /** The value when absent on create; makes the field not required. A function is called for each row. */
  default?: unknown;
  /** Of a column that came to a table with rows: what those got, which stays its default in the database. */
  columnDefault?: string | number | boolean;
  /**
   * Given by the service (`fill`) when absent on create: not required, and no default. An update may give it anew. If it
   * is unique and somebody takes it at the same time, the unit runs again.
   */
  assigned?: boolean;
  /** Set by the server; a body may only repeat the stored value. */
  readOnly?: boolean;
  /** Never in an answer. */
  writeOnly?: boolean;
  /** Kept inside: neither in a body nor in an answer. */
  internal?: boolean;
  /** No column: a secret that the body brings, or what is derived for the answer. */
  virtual?: boolean;
  /** A secret that no answer holds, not even one that reveals. */
  neverShown?: boolean;
  /** Derived for the answers to create and update alone. */
  afterWriting?: boolean;
  /** Found by `q=`. */
  search?: boolean;
  /** Has an index, so that lists filter and sort by it; each kind has its own default. */
  index?: boolean;
  /** Unique in its table, code point by code point. */
  unique?: boolean;
  /**
   * Unique as people read it (NFKC, case folded) among the rows that have the same values in those of these fields
   * that are set: `['client_id', 'owner_id']`; in the whole table for `[]`, where a 409 tells everybody who writes that
   * such a row is there. With fields, a row that the writer may not see refuses nothing: both have the name.
   */
  uniqueWithin?: readonly string[];
  /** Beside `uniqueWithin: []`: a row that the writer may not see refuses nothing there, either. */
  unseenMayRepeat?: boolean;
  /** Stored in lower case. */
  lower?: boolean;
  /** Stored in upper case. */
  upper?: boolean;
  description?: string;
  example?: unknown;
}

/** One declared field: everything the column, the validation, the document and the filters need. */
export interface FieldSpec extends FieldOptions {
  name: string;
  column: ColumnShape;
  nullable: boolean;
  index: boolean;
  /** Decorators of class-validator for a value that is not null. */
  validators: PropertyDecorator[];
  /** The value as JSON schema, without nullability. */
  api: ApiPropertyOptions;
  choices?: readonly string[];
  /** NFC and trimmed; secrets, content and commands are kept byte for byte. */
  normalize?: boolean;
  reference?: { target: () => Type; onDelete: OnDelete };
  /** The resource has `GET /api/<path>/by-<target>/{id}`: its list, restricted to the rows of one such row. */
  listBy?: boolean;
  primary?: boolean;
  generated?: boolean;
  /** A key column: made from other columns whenever the row is written. */
  keyOf?: KeyOf;
}

const DECLARED = new WeakMap<object, FieldSpec[]>();

/** Adds a field to the class whose prototype is given; the decorators of `field-decorators.ts` call it. */
export function declareField(prototype: object, spec: FieldSpec): void {
  const own = DECLARED.get(prototype);
  if (own) own.push(spec);
  else DECLARED.set(prototype, [spec]);
}

/** The declared fields of a class, those of its base class first. */
export function fieldsOf(type: Type): FieldSpec[] {
  const fields: FieldSpec[] = [];
  for (
    let prototype = type.prototype as object | null;
    prototype;
    prototype = Object.getPrototypeOf(prototype) as object | null
  )
    fields.unshift(...(DECLARED.get(prototype) ?? []));
  return fields;
}

/** Required on create: no default, not optional, and the client's to set. */
export function isRequired(field: FieldSpec): boolean {
  return !field.nullable && field.default === undefined && !field.readOnly && !field.assigned;
}

/** The value of a new row that brings none; a function makes it anew each time. Undefined where there is no default. */
export function defaultOf(field: FieldSpec): unknown {
  return typeof field.default === 'function' ? (field.default as () => unknown)() : field.default;
}
