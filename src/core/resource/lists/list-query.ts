import type { Dialect } from '../../database/sql.js';
import { type FieldFault, ValidationError } from '../../context/errors.js';
import { decodeCursor, type Cursor } from './cursor.js';
import type { FieldSpec } from '../../table/field-spec.js';
import { filterClause, isFilterable, MOST_BEGINNINGS, type Operator, operatorsOf } from './filters.js';
import { type CustomColumns, customFilters, customOf, isCustom, knownCustom } from './custom-filters.js';
import type { ListFilter } from './list-filter.js';
import { type Count, COUNTS, type RawQuery, type SortKey } from './query-parts.js';
import { searchClauses } from './search.js';
import { archivedClauses } from './archived.js';
import type { ResourceSpec } from '../resource.js';
import type { AlongIndex } from '../custom/custom-column.js';
import type { Clause } from '../../table/clause.js';
import { normalized } from '../../../formats/normalized.js';

/** A list's query string, checked and taken apart. */
export interface ListQuery {
  skip: number;
  limit: number;
  cursor?: Cursor;
  /** A page of very long texts may hold fewer rows than asked for; `next` goes on. */
  mayEndEarly?: boolean;
  /** Always ends with id, which breaks ties. */
  sort: SortKey[];
  count: Count;
  clauses: Clause[];
  /** A custom field that orders or leads the list. */
  along?: AlongIndex;
  /** Nothing but an order is asked of it: no filter, search or tag. */
  isWhole: boolean;
  /** A page is looked for along the index of its order first. */
  walks?: boolean;
  /** It may look at very many rows: no index alone gives its rows in its order. */
  isScan: boolean;
  /** The columns of the answer. */
  fields: FieldSpec[];
  /** The derived fields of the answer, `tags` among them. */
  derived: string[];
  tags: string[];
  tags_all: string[];
}

const RESERVED = new Set([
  'skip',
  'limit',
  'cursor',
  'sort',
  'count',
  'q',
  'fields',
  'omit',
  'archived',
  'tags',
  'tags_all',
]);

/** So many rows are passed over in no time. */
const MANY = 1000;

const all = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];
/** The names of a parameter that separates them by commas, or is repeated. */
export const listOf = (value: string | string[] | undefined): string[] =>
  all(value)
    .flatMap(text => text.split(','))
    .map(text => text.trim())
    .filter(text => text !== '');

class Parser {
  private readonly faults: FieldFault[] = [];
  constructor(
    private readonly spec: ResourceSpec,
    private readonly raw: RawQuery,
    private readonly dialect: Dialect,
    private readonly customs: CustomColumns,
  ) {}

  parse(): ListQuery {
    const { raw } = this;
    const sort = this.sort();
    const skip = this.whole('skip', 0, 0, 1_000_000_000);
    const custom = this.customFilters(sort);
    const query: ListQuery = {
      skip,
      limit: this.whole('limit', 100, 1, 1000),
      cursor: raw.cursor === undefined ? undefined : this.cursor(sort),
      sort,
      count: this.count(),
      clauses: [
        ...this.filters(),
        ...custom.clauses,
        ...this.search(),
        ...archivedClauses(this.spec, this.one('archived'), this.faults),
      ],
      along: custom.along,
      isWhole:
        this.filterNames().length === 0 && !['q', 'tags', 'tags_all', 'archived'].some(name => name in raw),
      isScan: skip > MANY || custom.along !== undefined || this.isScan(sort),
      ...this.selection(),
      tags: this.tagNames('tags'),
      tags_all: this.tagNames('tags_all'),
    };
    if (raw.cursor !== undefined && raw.skip !== undefined)
      this.fault('skip', 'cannot be used together with cursor', 'conflict');
    if (this.faults.length > 0) throw new ValidationError(this.faults, 'The query is not valid');
    return query;
  }

  private isScan(sort: SortKey[]): boolean {
    if (this.raw.count === 'exact' || ['q', 'tags', 'tags_all'].some(name => name in this.raw)) return true;
    const filters = this.filterNames();
    // Equality has an index; ranges, contraries and filters of more than one column may pass over many rows.
    if (filters.some(parameter => !this.spec.byName.has(parameter.replace(/__in$/, '')))) return true;
    // The last key is the id.
    return sort.length > (filters.length > 0 ? 1 : 2);
  }

  private filterNames(): string[] {
    return Object.keys(this.raw).filter(parameter => !RESERVED.has(parameter));
  }

  private fault(field: string, message: string, rule: string): void {
    this.faults.push({ field, message, rule });
  }

  private one(name: string): string | undefined {
    const values = all(this.raw[name]);
    if (values.length > 1) this.fault(name, 'may be given only once', 'repeated');
    return values[0];
  }

  private whole(name: string, fallback: number, min: number, max: number): number {
    const text = this.one(name);
    if (text === undefined) return fallback;
    const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
    if (!(value >= min && value <= max))
      this.fault(name, `must be a whole number from ${min} to ${max}`, 'range');
    return value;
  }

  private count(): Count {
    const text = this.one('count');
    const known = COUNTS.find(one => one === text);
    if (text !== undefined && !known) this.fault('count', 'must be exact, none, or absent', 'enum');
    return known ?? 'default';
  }

  private tagNames(name: 'tags' | 'tags_all'): string[] {
    if (!this.spec.taggable) {
      if (this.raw[name] !== undefined) this.fault(name, this.notAmongFilters(), 'unknown');
      return [];
    }
    return listOf(this.raw[name]).map(text => normalized(text.toLowerCase(), 'NFC'));
  }

  private sort(): SortKey[] {
    const keys = listOf(this.raw.sort).map((text): SortKey | undefined => {
      const descending = text.startsWith('-');
      const name = descending ? text.slice(1) : text;
      const field = this.spec.byName.get(name);
      if (field && isFilterable(field)) return { field, descending };
      const custom = customOf(name, this.customs);
      if (custom?.column) return { field: { ...custom.field, name, nullable: true }, descending, custom };
      const known = isCustom(name) ? knownCustom(this.spec.path, this.customs) : this.filterable().join(', ');
      this.fault('sort', `must name fields among ${known}; - before one is for descending`, 'unknown');
      return undefined;
    });
    // A field that is named again changes nothing in the order, and databases bound the number of terms.
    const known = keys
      .filter(key => key !== undefined)
      .filter((key, at, all) => all.findIndex(one => one.field.name === key.field.name) === at);
    if (known.length > 1 && known.some(key => key.custom))
      this.fault('sort', 'a custom field orders a list by itself', 'conflict');
    if (known.some(key => key.field.name === 'id'))
      return known.slice(0, known.findIndex(key => key.field.name === 'id') + 1);
    const id = this.spec.byName.get('id') as FieldSpec;
    return [...known, { field: id, descending: known[0]?.descending ?? true }];
  }

  private cursor(sort: SortKey[]): Cursor | undefined {
    const cursor = decodeCursor(this.one('cursor') ?? '', sort);
    if (!cursor) this.fault('cursor', 'is not a cursor of this list and order', 'cursor');
    return cursor;
  }

  private customFilters(sort: SortKey[]): ReturnType<typeof customFilters> {
    const { spec, raw, dialect, customs } = this;
    const how = { order: sort[0]?.custom, byId: sort.length === 1 };
    return customFilters(spec.customFields ? raw : {}, customs, { ...spec, dialect }, how, this.faults);
  }

  private filters(): Clause[] {
    const beginnings = Object.keys(this.raw).filter(parameter => parameter.endsWith('__startswith'));
    const values = beginnings.flatMap(parameter => all(this.raw[parameter]));
    if (beginnings.length > 1 && values.length > MOST_BEGINNINGS)
      this.fault('query', `must have at most ${MOST_BEGINNINGS} values of __startswith`, 'max');
    return Object.keys(this.raw)
      .filter(parameter => !RESERVED.has(parameter) && !(this.spec.customFields && isCustom(parameter)))
      .flatMap(parameter => {
        const own = this.spec.filters?.find(one => one.name === parameter);
        if (own) return this.ownFilter(own);
        const [name = '', operator, ...more] = parameter.split('__');
        const field = this.spec.byName.get(name);
        if (!field || !isFilterable(field) || more.length > 0) {
          this.fault(parameter.slice(0, 100), this.notAmongFilters(), 'unknown');
          return [];
        }
        if (operator !== undefined && !operatorsOf(field).includes(operator as Operator)) {
          const known = operatorsOf(field)
            .map(one => `${name}__${one}`)
            .join(', ');
          this.fault(
            parameter.slice(0, 100),
            `is not an operator of this filter; it has ${known}`,
            'unknown',
          );
          return [];
        }
        const place = { table: this.spec.table, dialect: this.dialect, parameter };
        return (
          filterClause(
            field,
            operator as Operator | undefined,
            all(this.raw[parameter]),
            place,
            this.faults,
          ) ?? []
        );
      });
  }

  private ownFilter({ name, expected, clause }: ListFilter): Clause[] {
    const text = this.one(name);
    if (text === undefined) return [];
    const found = clause(text, this.dialect);
    if (!found) this.fault(name, expected, 'type');
    return found ? [found] : [];
  }

  private search(): Clause[] {
    const text = normalized(this.one('q') ?? '', 'NFC').trim();
    return text ? searchClauses(this.spec, text, this.dialect, this.faults) : [];
  }

  /** Which names `fields` and `omit` leave, of columns and of derived fields alike. */
  private selection(): Pick<ListQuery, 'fields' | 'derived'> {
    const all = everything(this.spec);
    if (this.raw.fields === undefined && this.raw.omit === undefined) return all;
    const known = new Set([...all.fields.map(one => one.name), ...all.derived]);
    const chosen = this.names('fields', known);
    const left = this.names('omit', known);
    const shown = (name: string) => (chosen.size === 0 || chosen.has(name)) && !left.has(name);
    return {
      fields: all.fields.filter(one => one.name === 'id' || shown(one.name)),
      derived: all.derived.filter(shown),
    };
  }

  private names(parameter: 'fields' | 'omit', known: Set<string>): Set<string> {
    const names = new Set(listOf(this.raw[parameter]));
    if ([...names].some(name => !known.has(name)))
      this.fault(parameter, `must name fields among ${[...known].join(', ')}`, 'unknown');
    return names;
  }

  /** What the list filters and sorts by. */
  private notAmongFilters(): string {
    return `is not a parameter of this list; its filters are ${this.filterable().join(', ')}`;
  }

  private filterable(): string[] {
    return this.spec.fields.filter(isFilterable).map(one => one.name);
  }
}

const EVERYTHING = new WeakMap<ResourceSpec, Pick<ListQuery, 'fields' | 'derived'>>();

/** All that an answer may hold: readable columns, and what is derived from them. */
export function everything(spec: ResourceSpec): Pick<ListQuery, 'fields' | 'derived'> {
  let known = EVERYTHING.get(spec);
  if (!known) {
    const derived = spec.virtual.filter(one => !one.writeOnly && !one.afterWriting).map(one => one.name);
    known = {
      fields: spec.fields.filter(one => !one.writeOnly),
      derived: spec.taggable ? [...derived, 'tags'] : derived,
    };
    EVERYTHING.set(spec, known);
  }
  return known;
}

/** Checks a list's query string; throws one ValidationError with every fault. */
export function parseListQuery(
  spec: ResourceSpec,
  raw: RawQuery,
  dialect: Dialect,
  customs: CustomColumns = new Map(),
): ListQuery {
  return new Parser(spec, raw, dialect, customs).parse();
}
