import type { ApiQueryOptions } from '@nestjs/swagger';
import { sharedAs } from '../../http/shared-as.js';
import type { FieldSpec } from '../../table/field-spec.js';
import { type Operator, operatorsOf } from '../lists/filters.js';

const OPERATOR_WORDS: Record<Operator, string> = {
  ne: 'Not equal to',
  in: 'One of several, separated by commas',
  gt: 'Greater than, or after',
  gte: 'Greater than or equal to, or not before',
  lt: 'Less than, or before',
  lte: 'Less than or equal to, or not after',
  startswith: 'Begins with',
  isnull: 'Whether it has no value',
};

/** The type that a name tells; text otherwise. */
const TOLD_BY_NAME = { _id: 'uuid', _at: 'date-time', _on: 'date' } as const;

interface Item {
  type?: string;
  format?: string;
  enum?: readonly string[];
}

/**
 * The component that a filter is, from its name and type alone: resources have many fields of the same name, and each
 * list, export and `by-<parent>` has all filters. A type that the name does not tell is said (`port__gte.integer`);
 * undefined where the values are those of one resource.
 */
function componentOf(
  name: string,
  field: FieldSpec,
  { type, format, enum: choices }: Item,
): string | undefined {
  if (choices) return undefined;
  const ending = field.name.slice(-3) as keyof typeof TOLD_BY_NAME;
  const kind = format ?? type;
  return kind === (TOLD_BY_NAME[ending] ?? 'string') ? name : `${name}.${kind}`;
}

/** A field as filters: one parameter for equality, and one for each operator. */
export function fieldFilters(field: FieldSpec): ApiQueryOptions[] {
  const { type, format, enum: choices } = field.api as Item;
  const item: Item = { type, format, enum: choices };
  const query = (name: string, description: string, schema: object, of: Item, more: object = {}) => {
    const component = componentOf(name, field, of);
    const shared = component === undefined ? {} : sharedAs(component);
    return { name, required: false, description, schema, ...more, ...shared } as ApiQueryOptions;
  };
  const several = (name: string, description: string, explode: boolean) =>
    query(name, description, { type: 'array', items: item }, item, { style: 'form', explode });
  const byOperator = (operator: Operator) => {
    const [name, description] = [`${field.name}__${operator}`, OPERATOR_WORDS[operator]];
    if (operator === 'ne') return several(name, description, true);
    if (operator === 'in') return several(name, description, false);
    // Of every field the same: the beginning of an address is not one.
    if (operator === 'isnull')
      return { ...query(name, description, { type: 'boolean' }, {}), ...sharedAs(name) };
    if (operator === 'startswith')
      return { ...query(name, description, { type: 'string' }, {}), ...sharedAs(name) };
    return query(name, description, item, item);
  };
  return [several(field.name, 'Equal to', true), ...operatorsOf(field).map(byOperator)];
}
