import type { CustomColumn } from './custom-column.js';
import type { ResourceEntity, ResourceSpec } from '../resource.js';

/** A row that was created (no `before`) or changed. */
export interface WrittenRow {
  row: ResourceEntity;
  before?: ResourceEntity;
}

/** The map of the custom values of a row, by key; null is none. */
export type CustomValues = Record<string, unknown> | null;

export function customValuesOf(row: object | undefined): Record<string, unknown> {
  return (row as { custom_fields?: CustomValues } | undefined)?.custom_fields ?? {};
}

/** Custom fields of rows; the room that has their definitions implements it. */
export abstract class CustomFields {
  /**
   * Puts the custom values into a row that is to be written: those of a body merged key by key into those that it has,
   * and into a new row the defaults. 422 for what no definition allows. Until the unit ends, nobody changes the
   * definitions of what a body gives.
   *
   * @param given `custom_fields` of the body; undefined where it has none
   */
  abstract complete(
    spec: ResourceSpec,
    row: ResourceEntity,
    before: ResourceEntity | undefined,
    given: CustomValues | undefined,
  ): Promise<void>;
  /** Brings the index to what rows hold that were written just now. */
  abstract index(spec: ResourceSpec, written: WrittenRow[]): Promise<void>;
  /** By key, what lists find and order rows by. */
  abstract columns(spec: ResourceSpec): Promise<Map<string, CustomColumn>>;
  /** Takes rows that go from the index. */
  abstract forget(ids: string[]): Promise<void>;
}
