import { Injectable } from '@nestjs/common';
import { reaches } from '../../core/context/actor.js';
import { ValidationError } from '../../core/context/errors.js';
import { currentActor } from '../../core/context/request-context.js';
import { inParts, type Row } from '../../core/database/sql.js';
import { Units } from '../../core/database/units.js';
import { archivedClauses } from '../../core/resource/lists/archived.js';
import { ResourceRegistry } from '../../core/resource/resource-registry.js';
import { allResources, clientColumn, type ResourceSpec, ROUTES } from '../../core/resource/resource.js';
import { allOf, type Clause } from '../../core/table/clause.js';
import { searchedFields, WEIGHTS } from './row-terms.js';
import { SearchFills } from './search-fills.service.js';
import { type Hit, SearchHits } from './search-hits.service.js';
import {
  allParts,
  type Asked,
  clientsWith,
  countOf,
  fitting,
  MOST_ROWS,
  seenRows,
} from './search-statements.js';
import { wholeTerm, wordsOf } from './terms.js';

export interface SearchQuery {
  q: string;
  /** Paths of resources; all when absent. */
  resources?: string[];
  client_id?: string;
  archived: 'true' | 'false' | 'any';
  /** Rows of each resource. */
  limit: number;
}

export interface SearchResult {
  items: Hit[];
  /** Of each resource that has any, by its path, how many rows fit. */
  counts: Record<string, number>;
  /** Paths of resources of which there may be more than was found. */
  incomplete: string[];
}

/** A row that fits, before it is read. */
export interface Found {
  spec: ResourceSpec;
  id: string;
  score: number;
}

const MOST_WORDS = 12;
/** Of clients that have a word in their name. */
const MOST_CLIENTS = 200;
/** SQLite puts at most 500 queries together. */
const PARTS = 400;

/** Finds rows of every resource by what their searched fields say: those alone that the caller sees, the best first. */
@Injectable()
export class SearchService {
  constructor(
    private readonly units: Units,
    private readonly registry: ResourceRegistry,
    private readonly fills: SearchFills,
    private readonly hits: SearchHits,
  ) {}

  async search(query: SearchQuery): Promise<SearchResult> {
    const words = wordsOf(query.q);
    if (words.length === 0) throw ValidationError.of('q', 'must have a letter or a digit', 'q');
    if (words.length > MOST_WORDS)
      throw ValidationError.of('q', `must have at most ${MOST_WORDS} words`, 'q');
    const specs = this.asked(query);
    const clients = await this.clientsNamed(words);
    const counts = await this.countsOf(specs, words);
    const unfinished = await this.fills.unfinished();
    const asked = specs.flatMap((spec, at): Asked[] => {
      const which = this.which(spec, query);
      const ids = clientColumn(spec) === 'client_id' ? clients : [];
      const own = { spec, words, whole: wholeTerm(query.q), which, clients: ids };
      return withDrivers(own, counts[at] ?? []);
    });
    const found = await this.fitting(asked, query.limit);
    const open = asked.filter(one => one.drivers === undefined);
    const partial = await this.partial(open);
    const isPartial = ({ spec }: Asked) => partial.has(spec.path) || tooMany(clients);
    const late = specs.filter(({ table }) => unfinished.has(table)).map(({ path }) => path);
    const incomplete = [...asked.filter(isPartial).map(({ spec }) => spec.path), ...late];
    return {
      items: await this.hits.of(inGroups(found.rows), words),
      counts: Object.fromEntries(found.totals),
      incomplete: [...new Set(incomplete)].sort(),
    };
  }

  /** Paths of the resources that are searched. */
  get paths(): string[] {
    return this.searched().map(one => one.path);
  }

  private searched(): ResourceSpec[] {
    return allResources().filter(
      one =>
        searchedFields(one).length > 0 &&
        (one.routes ?? ROUTES).includes('list') &&
        this.registry.of(one.type) !== undefined,
    );
  }

  /** @throws ValidationError */
  private asked({ resources, client_id }: SearchQuery): ResourceSpec[] {
    const all = this.searched();
    if (resources?.some(path => !all.some(one => one.path === path)))
      throw ValidationError.of('resources', 'must be paths of resources, such as sites', 'enum');
    const actor = currentActor();
    return all.filter(
      one =>
        (resources?.includes(one.path) ?? true) &&
        (client_id === undefined || clientColumn(one) !== undefined) &&
        reaches(actor, one.path),
    );
  }

  private which(
    spec: ResourceSpec,
    { client_id, archived }: Pick<SearchQuery, 'client_id' | 'archived'>,
  ): Clause {
    const ofClient =
      client_id === undefined
        ? []
        : [{ sql: `${spec.table}.${clientColumn(spec)} = ?`, values: [client_id] }];
    return allOf([
      ...ofClient,
      ...archivedClauses(spec, spec.archivable ? archived : undefined, []),
      ...(this.registry.of(spec.type)?.visible() ?? []),
    ]);
  }

  /** Of each of several words, the clients that have it in their name; a single word is one of the row itself. */
  private async clientsNamed(words: string[]): Promise<string[][]> {
    const { spec } = this.registry.ofClients();
    if (words.length === 1 || !reaches(currentActor(), spec.path)) return [];
    const which = this.which(spec, { archived: 'any' });
    const found: string[][] = [];
    for (const word of words) {
      const { sql, values } = clientsWith(spec, word, which, MOST_CLIENTS + 1, WEIGHTS.name);
      found.push((await this.units.sql.scan<{ id: string }>(sql, values)).map(({ id }) => id));
    }
    return found;
  }

  /** Of each resource, how many terms begin with each of the words. */
  private async countsOf(specs: ResourceSpec[], words: string[]): Promise<number[][]> {
    const parts = specs.flatMap((spec, at) =>
      words.map((word, of) => countOf(spec, word, at * words.length + of)),
    );
    const counts = specs.map(() => words.map(() => 0));
    for (const row of await this.union<{ place: number; n: number }>(parts)) {
      const place = Number(row.place);
      const own = counts[Math.floor(place / words.length)];
      if (own) own[place % words.length] = Number(row.n);
    }
    return counts;
  }

  private async fitting(
    asked: Asked[],
    limit: number,
  ): Promise<{ rows: Found[]; totals: [string, number][] }> {
    const rows: Found[] = [];
    const totals = new Map<string, number>();
    const parts = asked.map((one, place) => fitting(one, limit, place, this.units.sql.dialect));
    for (const row of await this.union<Row>(parts, 40)) {
      const spec = asked[Number(row.place)]?.spec;
      if (!spec) continue;
      rows.push({ spec, id: String(row.id), score: Number(row.score) });
      totals.set(spec.path, Number(row.total));
    }
    return { rows, totals: [...totals] };
  }

  /** Those of these of which the caller sees more rows than are looked at. */
  private async partial(asked: Asked[]): Promise<Set<string>> {
    const parts = asked.map(({ spec, which }, place) => {
      const { sql, values } = seenRows(spec, which);
      return { sql: `SELECT ${place} AS place, COUNT(*) AS n FROM (${sql}) seen_${place}`, values };
    });
    const rows = await this.union<{ place: number; n: number }>(parts);
    const many = rows.filter(({ n }) => Number(n) >= MOST_ROWS).map(({ place }) => Number(place));
    return new Set(many.flatMap(place => asked[place]?.spec.path ?? []));
  }

  private async union<R extends object>(parts: Clause[], most = PARTS): Promise<R[]> {
    const found: R[][] = [];
    for (const part of inParts(parts, most)) {
      const { sql, values } = allParts(part);
      found.push(await this.units.sql.scan<R>(sql, values));
    }
    return found.flat();
  }
}

/**
 * How rows of a resource are looked for: by the rarest word that must stand in them; where each may stand in the name of
 * the client instead, by all of them. Nothing where no row can fit.
 */
function withDrivers(asked: Asked, counts: readonly number[]): Asked[] {
  const { words, clients } = asked;
  const known = words.map((word, at) => ({ word, n: counts[at] ?? 0, isOwn: !clients[at]?.length }));
  const own = known.filter(one => one.isOwn).toSorted((a, b) => a.n - b.n);
  const drivers = own[0] ? [own[0]] : known;
  const sum = drivers.reduce((all, { n }) => all + n, 0);
  if (sum === 0) return [];
  return [sum > MOST_ROWS ? asked : { ...asked, drivers: drivers.map(({ word }) => word) }];
}

const tooMany = (clients: string[][]) => clients.some(ids => ids.length > MOST_CLIENTS);

/** The rows of a resource together, the resource with the best of all first. */
function inGroups(rows: readonly Found[]): Found[] {
  const bestOf = new Map<ResourceSpec, number>();
  for (const { spec, score } of rows) bestOf.set(spec, Math.max(bestOf.get(spec) ?? 0, score));
  const place = new Map([...bestOf.keys()].map((spec, at) => [spec, at]));
  return rows.toSorted(
    (a, b) =>
      (bestOf.get(b.spec) ?? 0) - (bestOf.get(a.spec) ?? 0) ||
      (place.get(a.spec) ?? 0) - (place.get(b.spec) ?? 0) ||
      b.score - a.score ||
      (a.id < b.id ? 1 : -1),
  );
}
