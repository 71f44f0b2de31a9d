import { Injectable } from '@nestjs/common';
import { inParts, placeholders, type Row } from '../../core/database/sql.js';
import { Units } from '../../core/database/units.js';
import { nameFields, nameIn } from '../../core/resource/names.js';
import { ResourceRegistry } from '../../core/resource/resource-registry.js';
import { clientColumn, type ResourceSpec } from '../../core/resource/resource.js';
import { allOf } from '../../core/table/clause.js';
import { nextTurn, turnIsOver } from '../../core/workers/turns.js';
import { searchedFields } from './row-terms.js';
import type { Found } from './search.service.js';
import { snippetOf } from './snippet.js';
import { termsOf } from './terms.js';

export interface Hit {
  resource: string;
  id: string;
  name: string | null;
  client_id: string | null;
  client_name: string | null;
  field: string | null;
  snippet: string | null;
}

/** Of each text no more than its beginning is read. */
const READ = 4_000;
const MOST_OF_NAME = 200;

/** What answers tell of rows that were found. */
@Injectable()
export class SearchHits {
  constructor(
    private readonly units: Units,
    private readonly registry: ResourceRegistry,
  ) {}

  /** In the order of the rows; what the caller does not see any more is left out. */
  async of(found: readonly Found[], words: readonly string[]): Promise<Hit[]> {
    const rows = new Map<string, Row>();
    for (const spec of new Set(found.map(one => one.spec))) {
      const ids = found.filter(one => one.spec === spec).map(({ id }) => id);
      for (const row of await this.read(spec, ids)) rows.set(String(row.id), row);
    }
    const clients = [...rows.values()].flatMap(({ own_client }) =>
      typeof own_client === 'string' ? [own_client] : [],
    );
    const names = await this.registry.ofClients().namesOf([...new Set(clients)]);
    const hits: Hit[] = [];
    for (const { spec, id } of found) {
      const row = rows.get(id);
      if (!row) continue;
      if (turnIsOver()) await nextTurn();
      const client_id = (row.own_client as string | null) ?? null;
      const client_name = client_id === null ? null : (names.get(client_id) ?? null);
      const name = nameIn(spec, row);
      hits.push({
        resource: spec.path,
        id,
        name: name === null ? null : [...name].slice(0, MOST_OF_NAME).join(''),
        client_id,
        client_name,
        ...whereFound(spec, row, words),
      });
    }
    return hits;
  }

  private async read(spec: ResourceSpec, ids: string[]): Promise<Row[]> {
    const { table, byName } = spec;
    const names = new Set([...searchedFields(spec).map(one => one.field.name), ...nameFields(spec)]);
    const columns = [...names].map(name =>
      byName.get(name)?.column.kind === 'long'
        ? `SUBSTR(${table}.${name}, 1, ${READ}) AS ${name}`
        : `${table}.${name}`,
    );
    const client = clientColumn(spec);
    const { sql, values } = allOf(this.registry.of(spec.type)?.visible() ?? []);
    const rows: Row[][] = [];
    for (const part of inParts(ids)) {
      const text =
        `SELECT ${table}.id, ${client ? `${table}.${client}` : 'NULL'} AS own_client, ${columns.join(', ')} ` +
        `FROM ${table} WHERE ${table}.id IN (${placeholders(part.length)}) AND ${sql}`;
      rows.push(await this.units.sql.scan<Row>(text, [...part, ...values]));
    }
    return rows.flat();
  }
}

/** The field that has most of the words, the weightiest of those; null where they stand far behind in a long text. */
function whereFound(spec: ResourceSpec, row: Row, words: readonly string[]): Pick<Hit, 'field' | 'snippet'> {
  let best: { name: string; text: string; count: number } | undefined;
  for (const { field } of searchedFields(spec)) {
    const text = row[field.name];
    if (typeof text !== 'string') continue;
    const terms = [...new Set(termsOf(text))];
    const count = words.filter(word => terms.some(term => term.startsWith(word))).length;
    if (count > (best?.count ?? 0)) best = { name: field.name, text, count };
  }
  return { field: best?.name ?? null, snippet: best ? snippetOf(best.text, words) : null };
}
