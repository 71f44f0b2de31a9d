import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { type Actor, reaches } from '../../core/context/actor.js';
import { ConflictError, ValidationError } from '../../core/context/errors.js';
import { currentActor, renewActor } from '../../core/context/request-context.js';
import { inParts, placeholders, type Row } from '../../core/database/sql.js';
import { Units } from '../../core/database/units.js';
import { readInParts } from '../../core/resource/lists/page.js';
import { ResourceRegistry } from '../../core/resource/resource-registry.js';
import { allResources, type ResourceSpec } from '../../core/resource/resource.js';
import { clientRestriction } from '../../core/resource/restriction.js';
import { allOf } from '../../core/table/clause.js';
import { nextTurn, turnIsOver } from '../../core/workers/turns.js';
import { type Change, changeFor, type Standing } from './change.js';
import { HeadWatch } from './head-watch.js';
import { REMINDER } from './reminder.js';
import { type RowEntry, rowEntry } from './row-entry.js';

export interface ChangesQuery {
  /** The place behind which is read. */
  after: number;
  limit: number;
  /** Paths of resources; all when absent. */
  resources?: string[];
  /** Milliseconds that may pass until there is something. */
  wait: number;
}

export interface ChangesPage {
  items: Change[];
  after: number;
  head: number;
}

/** Entries that one request looks at: of a trail of reveals, few tell of a change. */
const MOST_LOOKED_AT = 20_000;
const VERSION = {
  sqlite: "json_extract(details, '$.version')",
  mariadb: "JSON_VALUE(details, '$.version')",
};

/**
 * What became of rows, in the order of the trail: created, changed and deleted, with what is not secret of it. Whoever
 * follows `after` misses nothing, and holds in the end what the lists show him.
 */
@Injectable()
export class ChangesService implements OnApplicationBootstrap {
  private specs: ReadonlyMap<string, ResourceSpec> = new Map();

  constructor(
    private readonly units: Units,
    private readonly registry: ResourceRegistry,
    private readonly watch: HeadWatch,
  ) {}

  onApplicationBootstrap(): void {
    const served = allResources().filter(one => this.registry.of(one.type));
    this.specs = new Map(served.map(one => [one.name, one]));
  }

  /** Paths of the resources whose changes are told. */
  get paths(): string[] {
    return [...this.specs.values()].map(one => one.path);
  }

  async read(query: ChangesQuery, gone: AbortSignal): Promise<ChangesPage> {
    const deadline = performance.now() + query.wait;
    const specs = this.asked(query.resources);
    let page = await this.page(query, specs);
    while (page.items.length === 0 && performance.now() < deadline && !gone.aborted) {
      if (page.after < page.head) {
        page = await this.page({ ...query, after: page.after }, specs);
        continue;
      }
      await this.watch.beyond(page.after, deadline - performance.now(), currentActor().id, gone);
      // Rights may have changed, and a login may have ended, while nobody looked.
      await renewActor();
      if (gone.aborted || (await this.watch.head()) <= page.after) break;
      page = await this.page({ ...query, after: page.after }, this.asked(query.resources));
    }
    return page;
  }

  /**
   * For jobs: a page as `read` gives it, of resources by their names (`site`), of all without these, and of what they
   * are reminded of, whatever it is about.
   */
  pageOf(
    query: Pick<ChangesQuery, 'after' | 'limit'>,
    { names, reminders }: { names: readonly string[] | undefined; reminders: boolean },
  ): Promise<ChangesPage> {
    const specs = [...this.specs].filter(([name]) => names?.includes(name) ?? true);
    return this.page({ ...query, wait: 0 }, new Map(specs), reminders);
  }

  /** What the actor is told now of the entries at these places, by place; nothing of those that are none of his. */
  async at(places: readonly number[]): Promise<Map<number, Change>> {
    const found = new Map<number, Change>();
    for (const part of inParts(places)) {
      const rows = await this.units.sql.select<Row>(
        `${this.columns} WHERE seq IN (${placeholders(part.length)}) AND +outcome = 'ok' ORDER BY seq`,
        part,
      );
      for (const change of await this.told(rows, this.specs)) found.set(change.seq, change);
    }
    return found;
  }

  /** Those that are asked for, and that the token of who asks is for. @throws ValidationError */
  private asked(paths?: string[]): Map<string, ResourceSpec> {
    const unknown = paths?.filter(path => !this.paths.includes(path)) ?? [];
    if (unknown.length > 0)
      throw ValidationError.of('resources', 'must be paths of resources, such as sites', 'enum');
    const actor = currentActor();
    const isWanted = ({ path }: ResourceSpec) => (paths?.includes(path) ?? true) && reaches(actor, path);
    return new Map([...this.specs].filter(([, spec]) => isWanted(spec)));
  }

  private async page(
    { after, limit }: ChangesQuery,
    specs: Map<string, ResourceSpec>,
    reminders = false,
  ): Promise<ChangesPage> {
    const head = await this.watch.head();
    if (after > head)
      throw new ConflictError(
        `The trail ends at ${head}: it goes on from a backup, perhaps; read everything anew, and begin there`,
        { head },
      );
    if (after === head || (specs.size === 0 && !reminders)) return { items: [], after: head, head };
    const end = Math.min(head, after + MOST_LOOKED_AT);
    const query = { limit, cursor: after, mayEndEarly: true };
    const names = [...specs.keys()];
    const read = (cursor = after, count: number) =>
      this.entries({ after: cursor, to: end }, count, names, reminders);
    const { rows, isCut } = await readInParts(query, this.units.sql.dialect, read, row => Number(row.seq));
    const isFull = isCut || rows.length > limit;
    if (rows.length > limit) rows.length = limit;
    const last = Number(rows.at(-1)?.seq);
    return { items: await this.told(rows, reminders ? this.specs : specs), after: isFull ? last : end, head };
  }

  private entries(
    { after, to }: { after: number; to: number },
    limit: number,
    names: string[],
    reminders: boolean,
  ): Promise<Row[]> {
    const wanted = [
      ...(names.length > 0
        ? [
            `+resource_type IN (${placeholders(names.length)}) AND (changes IS NOT NULL OR action LIKE '%.create')`,
          ]
        : []),
      ...(reminders ? [`+action = '${REMINDER}'`] : []),
    ];
    const text =
      `${this.columns} WHERE seq > ? AND seq <= ? AND +outcome = 'ok' AND (${wanted.join(' OR ')}) ` +
      `ORDER BY seq LIMIT ${limit}`;
    return this.units.sql.scan<Row>(text, [after, to, ...names]);
  }

  private get columns(): string {
    const version = VERSION[this.units.sql.dialect];
    const details = `CASE WHEN action = '${REMINDER}' THEN details END AS details`;
    return `SELECT seq, at, action, resource_type, resource_id, client_id, changes, ${version} AS version, ${details} FROM journal`;
  }

  private async told(rows: Row[], specs: ReadonlyMap<string, ResourceSpec>): Promise<Change[]> {
    const entries: RowEntry[] = [];
    for (const row of rows) {
      if (turnIsOver()) await nextTurn();
      const entry = rowEntry(row, specs);
      if (entry) entries.push(entry);
    }
    const actor = currentActor();
    const told: Change[] = [];
    const standings = await this.standings(entries, actor);
    for (const entry of entries) {
      const { standing, isOpen } = standings(entry);
      const change = changeFor(actor, entry, standing, isOpen);
      if (change) told.push(change);
    }
    return told;
  }

  /** What became of the rows that entries tell of: one query for each resource, none for who sees all of it. */
  private async standings(entries: RowEntry[], actor: Actor) {
    const seen = new Map<string, Map<string, Standing> | undefined>();
    const open = new Map<string, boolean>();
    for (const { spec } of entries) {
      if (open.has(spec.name)) continue;
      const clauses = this.registry.of(spec.type)?.visible() ?? [];
      open.set(spec.name, clauses.length === (clientRestriction(spec, actor) ? 1 : 0));
      const ids = [...new Set(entries.filter(one => one.spec === spec).map(one => one.id))];
      seen.set(spec.name, await this.standingOf(spec, ids, clauses));
    }
    return ({ spec, id }: RowEntry): { standing: Standing; isOpen: boolean } => ({
      standing: seen.get(spec.name)?.get(id) ?? 'gone',
      isOpen: open.get(spec.name) ?? false,
    });
  }

  private async standingOf(
    { table }: ResourceSpec,
    ids: string[],
    clauses: Parameters<typeof allOf>[0],
  ): Promise<Map<string, Standing> | undefined> {
    // Who sees every row is told of those that are gone as well, and needs no look.
    if (clauses.length === 0) return undefined;
    const { sql, values } = allOf(clauses);
    const found = new Map<string, Standing>();
    for (const part of inParts(ids)) {
      const text =
        `SELECT ${table}.id, CASE WHEN ${sql} THEN 1 ELSE 0 END AS seen FROM ${table} ` +
        `WHERE ${table}.id IN (${placeholders(part.length)})`;
      const rows = await this.units.sql.select<{ id: string; seen: number }>(text, [...values, ...part]);
      for (const row of rows) found.set(row.id, Number(row.seen) === 1 ? 'seen' : 'hidden');
    }
    return found;
  }
}
