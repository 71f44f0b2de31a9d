import { MaxLength } from 'class-validator';
import { encode } from '../table/codec.js';
import { Choice, Day, Decimal, Flag, Ip, ListOf, Moment, Text, Whole } from '../table/field-decorators.js';
import { field } from '../table/field.js';
import { type FieldOptions, type FieldSpec, fieldsOf, type Type } from '../table/field-spec.js';
import { IsHttpUrl, IsVisible } from '../table/validators.js';

/** What a custom field may be. */
export const KINDS = [
  'text',
  'whole',
  'decimal',
  'flag',
  'date',
  'moment',
  'choice',
  'list',
  'url',
  'ip',
] as const;
export type Kind = (typeof KINDS)[number];

/** The characters of a text or an address: as many as an index takes. */
export const MOST_CHARACTERS = 500;
const LOWEST = -2_147_483_648;

const Address = (options: FieldOptions): PropertyDecorator =>
  field(
    { kind: 'text', length: MOST_CHARACTERS },
    [IsHttpUrl(), MaxLength(MOST_CHARACTERS), IsVisible()],
    {},
    { normalize: true, ...options },
  );

/** How the kit declares a field of each kind. */
const DECLARED: Record<Kind, (options: FieldOptions, choices: readonly string[]) => PropertyDecorator> = {
  text: options => Text({ ...options, max: MOST_CHARACTERS, index: true }),
  whole: options => Whole({ ...options, min: LOWEST }),
  decimal: options => Decimal(options),
  flag: options => Flag(options),
  date: options => Day(options),
  moment: options => Moment(options),
  choice: (options, choices) => Choice(choices, { ...options, required: true }),
  list: options => ListOf('text', { ...options, max: 100 }),
  url: options => Address({ ...options, index: true }),
  ip: options => Ip({ ...options, index: true }),
};

/** A field of a kind as the kit would have declared it. */
export function fieldOf(
  name: string,
  kind: Kind,
  choices: readonly string[] | null,
  options: FieldOptions,
): FieldSpec {
  const holder = class {};
  DECLARED[kind](options, choices ?? [])(holder.prototype, name);
  const [made] = fieldsOf(holder as Type);
  if (!made) throw new Error(`The kind ${kind} declares nothing`);
  return made;
}

/** Where the index keeps a value: as text or as a number, both in the order of the values. */
export interface Indexed {
  text_value: string | null;
  number_value: number | null;
}

/** Which of them has the values of a field; none those of a list, which are only known to be there. */
export function columnOf({ column }: FieldSpec): keyof Indexed | null {
  if (column.kind === 'json') return null;
  return ['decimal', 'whole', 'flag'].includes(column.kind) ? 'number_value' : 'text_value';
}

/** Exact: a decimal in its smallest unit. */
export function indexedAs(custom: FieldSpec, value: unknown): Indexed {
  const stored = encode(custom, value);
  const place = columnOf(custom);
  const number = custom.column.kind === 'decimal' ? String(stored).replace('.', '') : stored;
  return {
    text_value: place === 'text_value' ? String(stored) : null,
    number_value: place === 'number_value' ? Number(number) : null,
  };
}
