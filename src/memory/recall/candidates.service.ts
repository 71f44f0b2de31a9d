import { Injectable } from '@nestjs/common';
import { Units } from '../../core/database/units.js';
import { allOf, type Clause } from '../../core/table/clause.js';
import type { Candidate, Scope } from './candidate.js';
import type { RecallEntry } from './recall-entry.entity.js';
import { VisibleEntries } from './visible-entries.service.js';
import { VisibleTerms } from './visible-terms.service.js';

export interface Found {
  candidates: Candidate[];
  /** Of each term that was asked for, how many entries that the actor may see have it, as far as that is known. */
  documents: Map<string, number>;
  /** How many entries the actor may see. */
  total: number;
}

/** Entries that are read for one question: all of those that its rarest terms have. */
const MOST = 5_000;
/** Terms that are looked for; the rest counts for the rank alone. */
const MOST_TERMS = 24;
/** With fewer entries than these, common terms are looked for, so many of them, among so many of the newest. */
const ENOUGH = 300;
const MOST_COMMON = 3;
const NEWEST = 20_000;
/** Who sees no more than so many entries has all of them looked through for what others have very often. */
const FEW = 15_000;

/**
 * Finds what may answer a question: the entries of its terms, the rarest first, until there are 5,000; of a term all
 * entries or, where they are too many, none, so that both databases find the same. Where that leaves few, what has the
 * common terms among the newest 20,000 entries of the scope is there as well: all of a project, mostly.
 */
@Injectable()
export class Candidates {
  constructor(
    private readonly units: Units,
    private readonly entries: VisibleEntries,
    private readonly terms: VisibleTerms,
  ) {}

  async find(terms: readonly string[], scope: Scope): Promise<Found> {
    if (terms.length === 0 || scope.types?.length === 0)
      return { candidates: [], documents: new Map(), total: 0 };
    const known = await this.terms.of(terms);
    const documents = new Map(terms.map(term => [term, known.documents.get(term) ?? 0]));
    // What decides here is what the actor may see. How common a term is elsewhere chooses between two ways to the same.
    const isElsewhere = (term: string) => known.total <= FEW && (known.anywhere.get(term) ?? 0) > MOST;
    const rarest = terms
      .toSorted((a, b) => (documents.get(a) ?? 0) - (documents.get(b) ?? 0))
      .slice(0, MOST_TERMS);
    const entries = new Map<number, RecallEntry>();
    /** Terms all of whose entries are there. */
    const whole = new Set<string>();
    for (const term of rarest) {
      const room = MOST - entries.size;
      if ((documents.get(term) ?? 0) > MOST) break;
      const found = isElsewhere(term)
        ? await this.newestHaving([term], scope, room + 1)
        : await this.entriesOf(term, scope, room + 1);
      documents.set(term, Math.max(documents.get(term) ?? 0, found.length));
      if (found.length > room) break;
      for (const entry of found) entries.set(entry.n, entry);
      whole.add(term);
    }
    const common = rarest.filter(term => !whole.has(term)).slice(0, MOST_COMMON);
    if (entries.size < ENOUGH && common.length > 0)
      for (const entry of await this.newestHaving(common, scope, MOST - entries.size))
        entries.set(entry.n, entry);
    const candidates = await this.entries.withTerms([...entries.values()]);
    return { candidates, documents, total: Math.max(candidates.length, known.total) };
  }

  /** The newest first. */
  private entriesOf(term: string, scope: Scope, most: number): Promise<RecallEntry[]> {
    const { sql } = this.units;
    const { sql: where, values } = allOf([this.having(term), ...this.entries.within(scope)]);
    const join = sql.dialect === 'sqlite' ? 'recall_index.rowid' : 'recall_index.n';
    const text =
      `SELECT recall_entries.* FROM recall_index JOIN recall_entries ON recall_entries.n = ${join} ` +
      `WHERE ${where} ORDER BY ${join} DESC LIMIT ${most}`;
    return this.entries.read(text, values);
  }

  /** Among the newest of the scope those that have any of some terms: no index of a common term is read through. */
  private newestHaving(terms: readonly string[], scope: Scope, most: number): Promise<RecallEntry[]> {
    const { sql } = this.units;
    const isLite = sql.dialect === 'sqlite';
    const { sql: where, values } = allOf(this.entries.within(scope));
    const padded = isLite ? "' ' || recall_index.terms || ' '" : "CONCAT(' ', recall_index.terms, ' ')";
    const text =
      `SELECT recall_entries.* FROM (SELECT * FROM recall_entries WHERE ${where} ORDER BY n DESC LIMIT ${NEWEST}) ` +
      `AS recall_entries JOIN recall_index ON recall_index.${isLite ? 'rowid' : 'n'} = recall_entries.n ` +
      `WHERE (${terms.map(() => `${padded} LIKE ?`).join(' OR ')}) ORDER BY recall_entries.n DESC LIMIT ${most}`;
    return this.entries.read(text, [...values, ...terms.map(term => `% ${term} %`)]);
  }

  private having(term: string): Clause {
    return this.units.sql.dialect === 'sqlite'
      ? { sql: 'recall_index MATCH ?', values: [`"${term}"`] }
      : { sql: 'MATCH(recall_index.terms) AGAINST(? IN BOOLEAN MODE)', values: [`+${term}`] };
  }
}
