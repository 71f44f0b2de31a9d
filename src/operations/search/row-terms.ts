import { nameFields } from '../../core/resource/names.js';
import type { ResourceSpec } from '../../core/resource/resource.js';
import type { FieldSpec } from '../../core/table/field-spec.js';
import { termsOf, wholeTerm } from './terms.js';

/** How much it counts where a term stands: in what a row is called by, in another short field, in a text. */
export const WEIGHTS = { name: 3, short: 2, text: 1 } as const;
/** Different terms of one row: those of its names, then of short fields, then the first of its texts. */
export const MOST_TERMS = 300;

export interface SearchedField {
  field: FieldSpec;
  weight: number;
}

const SEARCHED = new WeakMap<ResourceSpec, SearchedField[]>();

/** The fields that say `search`, the weightiest first; none of a resource whose rows are not searched. */
export function searchedFields(spec: ResourceSpec): SearchedField[] {
  let found = SEARCHED.get(spec);
  if (!found) {
    const names = nameFields(spec);
    const weightOf = ({ name, column }: FieldSpec) =>
      names.includes(name) ? WEIGHTS.name : column.kind === 'long' ? WEIGHTS.text : WEIGHTS.short;
    found = spec.fields
      .filter(one => one.search)
      .map(field => ({ field, weight: weightOf(field) }))
      .toSorted((a, b) => b.weight - a.weight);
    SEARCHED.set(spec, found);
  }
  return found;
}

/** What a row without any term has, so that it is seen that this is all. */
const NONE: [string, number] = ['', 0];

/** The terms of a row, each with the weight of the weightiest field that has it; never none at all. */
export function rowTerms(spec: ResourceSpec, row: object): Map<string, number> {
  const terms = new Map<string, number>();
  const add = (term: string, weight: number) => {
    if (!terms.has(term)) terms.set(term, weight);
  };
  for (const { field, weight } of searchedFields(spec)) {
    const text = (row as Record<string, unknown>)[field.name];
    if (typeof text !== 'string') continue;
    if (weight === WEIGHTS.name) add(wholeTerm(text), weight);
    for (const term of termsOf(text)) {
      add(term, weight);
      if (terms.size >= MOST_TERMS) return terms;
    }
  }
  return terms.size > 0 ? terms : new Map([NONE]);
}
