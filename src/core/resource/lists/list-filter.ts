import type { Dialect } from '../../database/sql.js';
import type { Clause } from '../../table/clause.js';

/** A filter of lists that is made of more than one column: `needs_rotation=true`. */
export interface ListFilter {
  /** The parameter; not the name of a column. */
  name: string;
  description: string;
  /** Of its value, for the document. */
  schema:
    | { type: 'boolean' }
    | { type: 'string'; pattern: string; example: string }
    | { type: 'integer'; minimum: number; maximum: number };
  /** What a value must be, for the 422. */
  expected: string;
  /** The condition for a value; undefined when it is none that is expected. */
  clause: (text: string, dialect: Dialect) => Clause | undefined;
}

/** `name=true` and `name=false`: what a condition says, or its contrary. The condition is never NULL. */
export function flagFilter(
  name: string,
  description: string,
  condition: (dialect: Dialect) => Clause,
): ListFilter {
  return {
    name,
    description,
    schema: { type: 'boolean' },
    expected: 'must be true or false',
    clause: (text, dialect) => {
      if (text !== 'true' && text !== 'false') return undefined;
      const { sql, values } = condition(dialect);
      return { sql: text === 'true' ? `(${sql})` : `NOT (${sql})`, values };
    },
  };
}

/** `name=30`: a whole number from `minimum` to `maximum`. */
export function wholeFilter(
  name: string,
  description: string,
  [minimum, maximum]: [number, number],
  condition: (value: number) => Clause,
): ListFilter {
  return {
    name,
    description,
    schema: { type: 'integer', minimum, maximum },
    expected: `must be a whole number from ${minimum} to ${maximum}`,
    clause: text => {
      const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
      return value >= minimum && value <= maximum ? condition(value) : undefined;
    },
  };
}
