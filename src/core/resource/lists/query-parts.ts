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
