import { Injectable } from '@nestjs/common';
import { placeholders } from '../../core/database/sql.js';
import { Units } from '../../core/database/units.js';
import { ValidationError } from '../../core/context/errors.js';
import { normalizeText } from '../../core/resource/bodies/body-decorators.js';
import { ResourceRegistry } from '../../core/resource/resource-registry.js';
import type { ResourceSpec } from '../../core/resource/resource.js';
import { retryIfTaken } from '../../core/resource/retry.js';
import type { Changes } from '../../core/resource/row-changes.js';
import { Rows } from '../../core/table/rows.js';
import { uniqueKey } from '../../core/table/unique-key.js';
import type { Clause } from '../../core/table/clause.js';
import { MAX_TAGS, type Retag, Tagging, tagTable } from '../../core/resource/tags/tagging.js';
import { Tag } from './tag.entity.js';

/** Tags that one unit of work may make on the way. */
const MOST_NEW = 500;
const MADE = 'tags that were made';

const normal = (names: string[]) =>
  [...new Set(names.map(name => normalizeText({ lower: true }, name) as string))].sort();

const keyOf = (name: string) => uniqueKey(name, undefined);

interface KnownTag {
  id: string;
  name: string;
  name_key: string;
}

/** The tags of rows of any taggable resource, in its junction table. */
@Injectable()
export class RowTags extends Tagging {
  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly registry: ResourceRegistry,
  ) {
    super();
  }

  /** The caller holds the row: its conditional write comes first. */
  override async assign(
    spec: ResourceSpec,
    id: string,
    names: string[] | Retag,
    known?: string[],
  ): Promise<Changes> {
    const before = known ?? (await this.namesOf(spec, [id])).get(id) ?? [];
    const after = await this.asStored(normal(typeof names === 'function' ? names(before) : names), before);
    if (after.length > MAX_TAGS)
      throw ValidationError.of('tags', `must hold at most ${MAX_TAGS} names`, 'arrayMaxSize');
    const gone = before.filter(name => !after.includes(name));
    const come = after.filter(name => !before.includes(name));
    if (gone.length + come.length === 0) return {};
    const [table, column] = [tagTable(spec), `${spec.name}_id`];
    if (gone.length > 0) {
      const tags = await this.rows.find(Tag, { name: gone });
      const text = `DELETE FROM ${table} WHERE ${column} = ? AND tag_id IN (${placeholders(tags.length)})`;
      await this.units.sql.change(text, [id, ...tags.map(tag => tag.id)]);
    }
    if (come.length > 0) {
      const tags = await this.idsOf(come);
      const text = `INSERT INTO ${table} (${column}, tag_id) VALUES ${tags.map(() => '(?, ?)').join(', ')}`;
      await this.units.sql.change(
        text,
        tags.flatMap(tag => [id, tag]),
      );
    }
    return { tags: [before, after] };
  }

  override async namesOf(spec: ResourceSpec, ids: string[]): Promise<Map<string, string[]>> {
    const [table, column] = [tagTable(spec), `${spec.name}_id`];
    const text =
      `SELECT ${table}.${column} AS id, tags.name FROM ${table} JOIN tags ON tags.id = ${table}.tag_id ` +
      `WHERE ${table}.${column} IN (${placeholders(ids.length)})`;
    const names = new Map<string, string[]>(ids.map(id => [id, []]));
    for (const row of await this.units.sql.select<{ id: string; name: string }>(text, ids))
      names.get(row.id)?.push(row.name);
    for (const list of names.values()) list.sort();
    return names;
  }

  override column(spec: ResourceSpec): string {
    const table = tagTable(spec);
    return (
      `(SELECT GROUP_CONCAT(tags.name) FROM ${table} JOIN tags ON tags.id = ${table}.tag_id ` +
      `WHERE ${table}.${spec.name}_id = ${spec.table}.id)`
    );
  }

  override condition(spec: ResourceSpec, any: string[], all: string[]): Clause[] {
    const [table, column] = [tagTable(spec), `${spec.name}_id`];
    const having = (names: string[], least: string): Clause[] =>
      names.length === 0
        ? []
        : [
            {
              sql:
                `${spec.table}.id IN (SELECT ${table}.${column} FROM ${table} WHERE ${table}.tag_id IN ` +
                `(SELECT tags.id FROM tags WHERE tags.name IN (${placeholders(names.length)}))${least})`,
              values: names,
            },
          ];
    const every = normal(all);
    return [
      ...having(normal(any), ''),
      ...having(every, ` GROUP BY ${table}.${column} HAVING COUNT(*) = ${every.length}`),
    ];
  }

  /** Two names that people read as one are one tag: the one that is there. */
  private async asStored(names: string[], before: string[]): Promise<string[]> {
    if (names.every(name => before.includes(name))) return names;
    const known = await this.known(names);
    const stored = new Map<string, string>();
    for (const name of names) {
      const key = keyOf(name);
      if (!stored.has(key)) stored.set(key, known.get(key)?.name ?? name);
    }
    return [...stored.values()].sort();
  }

  /** The ids of tags by their names; what does not exist yet is made. */
  private async idsOf(names: string[]): Promise<string[]> {
    const known = await this.known(names);
    const unknown = names.filter(name => !known.has(keyOf(name)));
    if (this.units.gathered(MADE) + unknown.length > MOST_NEW)
      throw ValidationError.of(
        'tags',
        `must bring at most ${MOST_NEW} names in one request that do not exist yet`,
        'max',
      );
    if (unknown.length > 0) this.units.beforeCommit(MADE, unknown, () => Promise.resolve());
    const ids: string[] = [];
    for (const name of names) ids.push(known.get(keyOf(name))?.id ?? (await this.make(name)));
    return ids;
  }

  /** By their keys, those that there are: each is asked for once in a unit, however many rows name it. */
  private async known(names: string[]): Promise<Map<string, KnownTag>> {
    const keys = names.map(keyOf);
    let all: Promise<KnownTag[]> | undefined;
    const known = new Map<string, KnownTag>();
    for (const key of keys) {
      const tag = await this.units.remembered('tags', key, async () =>
        (await (all ??= this.read(keys))).find(one => one.name_key === key),
      );
      if (tag) known.set(key, tag);
    }
    return known;
  }

  private read(keys: string[]): Promise<KnownTag[]> {
    const text = `SELECT id, name, name_key FROM tags WHERE name_key IN (${placeholders(keys.length)})`;
    return this.units.sql.select<KnownTag>(text, keys);
  }

  private async make(name: string): Promise<string> {
    // By its service, for the entry and the event; found late, because that service needs this class.
    const tags = this.registry.of(Tag);
    if (!tags) throw new Error('The tags have no service');
    return (await tags.create({ name }).catch(retryIfTaken(['name']))).id;
  }
}
