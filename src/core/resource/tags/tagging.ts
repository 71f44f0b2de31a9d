import type { Changes } from '../row-changes.js';
import type { Clause } from '../../table/clause.js';
import type { ResourceSpec } from '../resource.js';

/** A comma separates names in the tag filters. */
export const TAG_NAME = /^[^,]*$/;
/** The most tags of one row. */
export const MAX_TAGS = 50;
/** From the names that a row has to those that it shall have. */
export type Retag = (names: string[]) => string[];

/** The names in what `column` gives of a row, in alphabetical order. */
export function tagNames(column: unknown): string[] {
  return typeof column === 'string' ? column.split(',').sort() : [];
}

/** Tags of rows; the directory, which owns the tags, implements it. */
export abstract class Tagging {
  /**
   * Gives the row exactly these tags; names that do not exist yet become tags. Answers with what changed.
   *
   * @param before the tags that it has, where they are known
   */
  abstract assign(
    spec: ResourceSpec,
    id: string,
    names: string[] | Retag,
    before?: string[],
  ): Promise<Changes>;
  /** The names of the tags of each row, in alphabetical order. */
  abstract namesOf(spec: ResourceSpec, ids: string[]): Promise<Map<string, string[]>>;
  /** An expression for the names of a row's tags, separated by commas, inside a query of its table. */
  abstract column(spec: ResourceSpec): string;
  /** Rows that have one of `any` and every one of `all`. */
  abstract condition(spec: ResourceSpec, any: string[], all: string[]): Clause[];
}

/** `security_incident` → `security_incident_tags`: the junction table of a taggable resource. */
export function tagTable(spec: ResourceSpec): string {
  return `${spec.name}_tags`;
}
