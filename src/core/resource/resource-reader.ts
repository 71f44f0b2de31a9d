import { Inject, Injectable } from '@nestjs/common';
import { reaches } from '../context/actor.js';
import { NotFoundError } from '../context/errors.js';
import { currentActor } from '../context/request-context.js';
import { forUpdate } from '../database/locks.js';
import { columnName, inParts, placeholders } from '../database/sql.js';
import { allOf, type Clause } from '../table/clause.js';
import type { FieldSpec } from '../table/field-spec.js';
import type { Where } from '../table/rows.js';
import { ResourceKit } from './kit.js';
import { listedNames, type NameColumn, nameColumns } from './export/export-names.js';
import { namesCustom } from './lists/custom-filters.js';
import { everything, listOf, ListQuery, parseListQuery } from './lists/list-query.js';
import type { RawQuery } from './lists/query-parts.js';
import { Page, readPage } from './lists/page.js';
import { seesMany } from './lists/plain-page.js';
import { nameIn } from './names.js';
import type { Newest, Referred } from './resource-registry.js';
import { clientColumn, ResourceEntity, type ResourceSpec } from './resource.js';
import { clientRestriction } from './restriction.js';
import { pick, plainView } from './row-changes.js';
import { tagNames } from './tags/tagging.js';

/** A row as an answer shows it: the stored fields, and what is derived from them. */
export type View<T> = T & { tags?: string[] };

/** How a single row was asked for: for resources whose answer depends on it. */
export interface Asked {
  query: RawQuery;
  headers: Record<string, string | string[] | undefined>;
}

/** How many rows `all` reads at once. */
const BATCH = 1_000;
/** The most ids of a filter. */
const NAMES = 500;

/** The reading side of a resource: nothing but what the actor may see leaves it. */
@Injectable()
export abstract class ResourceReader<T extends ResourceEntity> {
  @Inject(ResourceKit) protected readonly kit!: ResourceKit;

  private readonly columns: string;

  constructor(readonly spec: ResourceSpec) {
    this.columns = spec.fields.map(one => `${spec.table}.${columnName(one.name)}`).join(', ');
  }

  async list(raw: RawQuery, ...more: Clause[]): Promise<Page<View<T>>> {
    // Who follows `next` misses nothing; who counts rows names how many are wanted, or where they begin.
    const mayEndEarly = raw.cursor !== undefined || (raw.limit === undefined && raw.skip === undefined);
    return this.page({ ...(await this.parsed(raw)), mayEndEarly }, ...more);
  }

  async page(query: ListQuery, ...more: Clause[]): Promise<Page<View<T>>> {
    const tagged = this.spec.taggable
      ? this.kit.tagging.condition(this.spec, query.tags, query.tags_all)
      : [];
    const clauses = [...this.restrictions(), ...tagged, ...more];
    // Conditions that the query does not know of: what it sorts, or looks through, may be very many rows.
    const isScan =
      query.isScan ||
      currentActor().client_access !== 'all' ||
      more.some(one => one.isScan === true || query.sort.length > 1);
    const walks = more.length === 0 && (await this.walks(query));
    const tags = query.derived.includes('tags') ? this.kit.tagging.column(this.spec) : undefined;
    const read = (fields: FieldSpec[]) =>
      readPage<T>(this.kit.units, this.spec, { ...query, fields, isScan, walks }, clauses, tags);
    // Derived fields are made from whole rows: where only some are wanted, the rest is left out afterwards.
    if (query.derived.length === 0) return read(query.fields);
    const all = everything(this.spec);
    const page = await read(all.fields);
    const items = await this.completeViews(page.items);
    if (query.fields === all.fields) return { ...page, items };
    const names = [...query.fields.map(one => one.name), ...query.derived];
    return { ...page, items: items.map(one => pick(one, names)) };
  }

  /** Whether a page of all that the actor sees is looked for along the index of its order. */
  private async walks({ isWhole, along, sort }: ListQuery): Promise<boolean> {
    const actor = currentActor();
    const [key, id, ...more] = sort;
    const hasIndex = id !== undefined && more.length === 0 && key?.descending === id.descending;
    if (actor.client_access !== 'only' || !isWhole || along || !hasIndex) return false;
    const seen = clientRestriction(this.spec, actor);
    return seen !== undefined && seesMany(this.kit.units, this.spec.table, seen);
  }

  /** As `list`, for who follows `next`: a page of very long texts holds fewer rows. */
  async part(raw: RawQuery): Promise<Page<View<T>>> {
    return this.page({ ...(await this.parsed(raw)), mayEndEarly: true });
  }

  /** The names of the columns that a list's query asks for, as an export writes them: in the order of `fields`. */
  async columnsOf(raw: RawQuery): Promise<string[]> {
    const { fields, derived } = await this.parsed(raw);
    const asked = listOf(raw.fields);
    const place = (name: string) => asked.indexOf(name);
    return [...fields.map(one => one.name), ...derived].sort((a, b) => place(a) - place(b));
  }

  /** The columns of names that an export puts beside the references among these columns. */
  nameColumns(columns: string[]): NameColumn[] {
    return nameColumns(this.spec, columns, this.kit.registry);
  }

  /** The keys of the custom fields, of which an export as CSV has a column each beside the map. */
  async customKeys(columns: string[]): Promise<string[]> {
    if (!this.spec.customFields || !columns.includes('custom_fields')) return [];
    return [...(await this.kit.customFields.columns(this.spec)).keys()];
  }

  async namesOf(ids: string[]): Promise<Map<string, string>> {
    const names = new Map<string, string>();
    const fields = listedNames(this.spec);
    if (fields.length === 0 || !reaches(currentActor(), this.spec.path)) return names;
    const archived = this.spec.archivable ? { archived: 'any' } : {};
    for (let from = 0; from < ids.length; from += NAMES) {
      const id = ids.slice(from, from + NAMES);
      const page = { fields: fields.join(','), limit: String(NAMES), sort: 'id' };
      const { items } = await this.list({ id, ...page, ...archived });
      for (const one of items) names.set(one.id, nameIn(this.spec, one) ?? '');
    }
    return names;
  }

  /** A list's query as the actor may ask it, in whatever form the answer comes; 422 where it asks for more. */
  protected allowed(raw: RawQuery): RawQuery {
    return raw;
  }

  protected async parsed(raw: RawQuery): Promise<ListQuery> {
    const asksCustom = this.spec.customFields && namesCustom(raw);
    const customs = asksCustom ? await this.kit.customFields.columns(this.spec) : undefined;
    return parseListQuery(this.spec, this.allowed(raw), this.kit.units.sql.dialect, customs);
  }

  /** A row that the actor may see; 404 otherwise. */
  async get(id: string, _asked?: Asked): Promise<View<T>> {
    const tags = this.spec.taggable ? this.kit.tagging.column(this.spec) : undefined;
    const [row] = await this.select([this.byId(id), ...this.restrictions()], '', tags);
    if (!row) throw this.missing(id);
    return this.viewOf(row, tags === undefined ? undefined : tagNames((row as View<T>).tags));
  }

  /**
   * The stored row, visible to the actor; 404 otherwise. With `lock` nobody else changes it until the unit ends:
   * on MariaDB many changes of one row would else find it stale again and again.
   */
  async find(id: string, lock = false): Promise<T> {
    const tail = lock ? forUpdate(this.kit.units.sql.dialect) : '';
    const [row] = await this.select([this.byId(id), ...this.restrictions()], tail);
    if (!row) throw this.missing(id);
    return row;
  }

  /** Every stored row that matches and that the actor may see, in the order of ids, read 1,000 at a time. */
  async *all(where: Where<T> = {}, ...more: Clause[]): AsyncGenerator<T, void, undefined> {
    const clauses = [this.kit.rows.condition(this.spec, where), ...this.restrictions(), ...more];
    for (let after = ''; ;) {
      const further = { sql: `${this.spec.table}.id > ?`, values: [after] };
      const tail = ` ORDER BY ${this.spec.table}.id LIMIT ${BATCH}`;
      const rows = await this.select([...clauses, further], tail);
      yield* rows;
      const last = rows.at(-1);
      if (!last || rows.length < BATCH) return;
      after = last.id;
    }
  }

  async reference(id: string, lock = false): Promise<Referred | undefined> {
    return (await this.referred(this.byId(id), lock ? forUpdate(this.kit.units.sql.dialect) : ''))[0];
  }

  async references(ids: string[]): Promise<Referred[]> {
    const found: Referred[] = [];
    for (const part of inParts(ids)) {
      const sql = `${this.spec.table}.id IN (${placeholders(part.length)})`;
      found.push(...(await this.referred({ sql, values: part })));
    }
    return found;
  }

  private referred(which: Clause, tail = ''): Promise<Referred[]> {
    const { table } = this.spec;
    const column = clientColumn(this.spec);
    const { sql, values } = allOf([which, ...this.restrictions()]);
    const client = column ? `${table}.${column}` : 'NULL';
    const text = `SELECT ${table}.id, ${client} AS client_id FROM ${table} WHERE ${sql}${tail}`;
    return this.kit.units.sql.select<Referred>(text, values);
  }

  async newest(field: string, id: string, count: number): Promise<Newest> {
    const query = { ...(await this.parsed({ limit: String(count) })), isScan: true, derived: [] };
    const { items, total, total_capped } = await this.page(query, this.belonging(field, id));
    const newest = items.map(row => {
      const { status } = row as { status?: string };
      const { created_at, updated_at } = row;
      return { id: row.id, name: this.nameOf(row), ...(status ? { status } : {}), created_at, updated_at };
    });
    return { total: total ?? 0, ...(total_capped ? { total_capped } : {}), newest };
  }

  /** The rows that belong to another one by a field. */
  protected belonging(field: string, id: string): Clause {
    return { sql: `${this.spec.table}.${field} = ?`, values: [id] };
  }

  /** What people call a row by. */
  protected nameOf(row: T): string | null {
    return nameIn(this.spec, row);
  }

  missing(id: string): NotFoundError {
    return new NotFoundError(`${this.spec.label} was not found`, {
      resource_type: this.spec.label,
      resource_id: id,
    });
  }

  visible(): Clause[] {
    return this.restrictions();
  }

  /** A stored row as its answer; the row itself stays as it is. Its tags are read, unless they are known. */
  async viewOf(row: T, tags?: string[]): Promise<View<T>> {
    const view: View<T> = plainView(this.spec, row);
    if (this.spec.taggable)
      view.tags = tags ?? (await this.kit.tagging.namesOf(this.spec, [row.id])).get(row.id) ?? [];
    const [complete] = await this.completeViews([view]);
    return complete as View<T>;
  }

  /** Which rows the actor may see, as conditions inside every query. */
  protected restrictions(): Clause[] {
    const own = clientRestriction(this.spec, currentActor());
    return own ? [own] : [];
  }

  /** Adds derived fields to the answers, with a fixed number of queries. */
  protected completeViews(rows: View<T>[]): Promise<View<T>[]> {
    return Promise.resolve(rows);
  }

  private byId(id: string): Clause {
    return { sql: `${this.spec.table}.id = ?`, values: [id] };
  }

  /** @param tags an expression for the names of a row's tags, which come along as one text */
  private async select(clauses: Clause[], tail: string, tags?: string): Promise<T[]> {
    const { sql, values } = allOf(clauses);
    const more = tags ? `, ${tags} AS tags` : '';
    const text = `SELECT ${this.columns}${more} FROM ${this.spec.table} WHERE ${sql}${tail}`;
    return this.kit.rows.decode<T>(this.spec, await this.kit.units.sql.select(text, values));
  }
}
