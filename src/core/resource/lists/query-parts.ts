import type { FieldSpec } from '../../table/field-spec.js';
import type { CustomColumn } from '../custom/custom-column.js';

/** A query string as it came. */
export type RawQuery = Record<string, string | string[] | undefined>;

/** One field of an order. */
export interface SortKey {
  field: FieldSpec;
  descending: boolean;
  /** It is the order of a custom field. */
  custom?: CustomColumn;
}

/** How much of a total is worked out: all of it, none, or up to 10,000. */
export const COUNTS = ['exact', 'none'] as const;
export type Count = (typeof COUNTS)[number] | 'default';
