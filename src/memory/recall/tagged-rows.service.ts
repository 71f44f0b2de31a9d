import { Injectable } from '@nestjs/common';
import { Units } from '../../core/database/units.js';
import { ResourceKit } from '../../core/resource/kit.js';
import { type ResourceSpec, resourceOf } from '../../core/resource/resource.js';
import { allOf } from '../../core/table/clause.js';
import { STOP_WORDS } from '../text/stop-words.js';
import type { Candidate } from './candidate.js';
import { SOURCES } from './sources.js';

/** Of a question so many words are looked at for names of tags, and so many rows of each resource have one of them. */
const MOST_WORDS = 60;
const MOST_ROWS = 200;

/** Rows of the memory by their tags, as these are now: what is renamed or taken away needs no index to follow. */
@Injectable()
export class TaggedRows {
  constructor(
    private readonly units: Units,
    private readonly kit: ResourceKit,
  ) {}

  /** Rows that have a tag which a question names, the newest of each resource, by id, with these tags; of those that may be seen. */
  async namedIn(question: string, types?: readonly string[]): Promise<Map<string, string[]>> {
    const names = namesIn(question);
    const rows = new Map<string, string[]>();
    if (names.size === 0) return rows;
    for (const spec of taggable()) {
      if (types && !types.includes(spec.name)) continue;
      const visible = this.kit.registry.of(spec.type)?.visible() ?? [];
      const { sql, values } = allOf([...this.kit.tagging.condition(spec, [...names], []), ...visible]);
      const text = `SELECT id FROM ${spec.table} WHERE ${sql} ORDER BY id DESC LIMIT ${MOST_ROWS}`;
      const ids = (await this.units.sql.scan<{ id: string }>(text, values)).map(({ id }) => id);
      if (ids.length === 0) continue;
      for (const [id, own] of await this.kit.tagging.namesOf(spec, ids))
        rows.set(id, own.filter(name => names.has(name))); // prettier-ignore
    }
    return rows;
  }

  /** Those that have one of some tags; all where none is named. */
  async having(candidates: Candidate[], tags: readonly string[] | undefined): Promise<Candidate[]> {
    if (!tags || tags.length === 0 || candidates.length === 0) return candidates;
    const wanted = new Set(tags.map(tag => tag.trim().toLowerCase()));
    const having = new Set<string>();
    for (const spec of taggable()) {
      const ids = candidates.filter(({ kind }) => kind === spec.name).map(({ row_id }) => row_id);
      if (ids.length === 0) continue;
      for (const [id, names] of await this.kit.tagging.namesOf(spec, ids))
        if (names.some(name => wanted.has(name))) having.add(id);
    }
    return candidates.filter(({ row_id }) => having.has(row_id));
  }
}

const taggable = (): ResourceSpec[] =>
  SOURCES.map(({ type }) => resourceOf(type)).filter(one => one.taggable);

/** What may be the name of a tag: its words, and two and three that follow each other. */
function namesIn(question: string): Set<string> {
  const words = (question.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}._/-]*/gu) ?? []).slice(0, MOST_WORDS);
  const names = new Set(words.filter(word => word.length > 1 && !STOP_WORDS.has(word)));
  words.forEach((_, n) => {
    for (const length of [2, 3])
      if (n + length <= words.length)
        for (const joint of [' ', '-', '_']) names.add(words.slice(n, n + length).join(joint));
  });
  return names;
}
