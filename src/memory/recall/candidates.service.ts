import { Injectable } from '@nestjs/common';
import { currentActor } from '../../core/context/request-context.js';
import { inParts, placeholders, type Row } from '../../core/database/sql.js';
import { Units } from '../../core/database/units.js';
import { encodeMoment } from '../../core/database/values.js';
import { clientRestriction } from '../../core/resource/restriction.js';
import { allOf, type Clause } from '../../core/table/clause.js';
import { Rows } from '../../core/table/rows.js';
import { storedOf } from '../../core/table/stored.js';
import { RecallEntry } from './recall-entry.entity.js';
import { VisibleTerms } from './visible-terms.service.js';

/** Where to look. */
export interface Scope {
  project_id?: string;
  client_id?: string;
  /** Names of resources. */
  types?: readonly string[];
  /** ISO 8601: what came later is not there. */
  as_of?: string;
}

/** An entry that has some of the terms, with all of its own. */
export interface Candidate extends RecallEntry {
  terms: string[];
}

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
/** How far around an entry is looked, and around how many in one statement. */
const AROUND = 2;
const PLACES_TOGETHER = 100;
const MOST_SUCCESSORS = 500;
/** With fewer entries than these, common terms are looked for, so many of them, among so many of the newest. */
const ENOUGH = 300;
const MOST_COMMON = 3;
const NEWEST = 20_000;
/** Who sees no more than so many entries has all of them looked through for what others have very often. */
const FEW = 15_000;
/** Whether a row may be seen is told by its client and its owner, as of a resource with both. */
const ENTRIES = { ...storedOf(RecallEntry), client: 'self', owner: 'user_id' } as const;

const oneOf = (column: string, values: readonly string[]): Clause => ({
  sql: `recall_entries.${column} IN (${placeholders(values.length)})`,
  values: [...values],
});

/**
 * Finds what may answer a question: the entries of its terms, the rarest first, until there are 5,000; of a term all
 * entries or, where they are too many, none, so that both databases find the same. Where that leaves few, what has the
 * common terms among the newest 20,000 entries of the scope is there as well: all of a project, mostly.
 */
@Injectable()
export class Candidates {
  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
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
    const candidates = await this.withTerms([...entries.values()]);
    return { candidates, documents, total: Math.max(candidates.length, known.total) };
  }

  /**
   * What was said just before and after some entries, which need not have any of the terms: the answer to a question
   * often has none of its words.
   */
  async around(entries: readonly Candidate[], scope: Scope): Promise<Candidate[]> {
    const placed = entries.filter(({ session_key, sequence }) => session_key !== null && sequence !== null);
    const found = new Map<number, RecallEntry>();
    for (const part of inParts(placed, PLACES_TOGETHER)) {
      const each = part.map(
        () => '(recall_entries.session_key = ? AND recall_entries.sequence BETWEEN ? AND ?)',
      );
      const values = part.flatMap(({ session_key, sequence }) => [
        session_key,
        (sequence as number) - AROUND,
        (sequence as number) + AROUND,
      ]);
      const near: Clause = { sql: `(${each.join(' OR ')})`, values };
      for (const entry of await this.matching(near, scope)) found.set(entry.n, entry);
    }
    return this.withTerms([...found.values()]);
  }

  /** The rows that took the place of some entries, and those that took theirs, and so on. */
  async successors(entries: readonly RecallEntry[], scope: Scope): Promise<Candidate[]> {
    const seen = new Set(entries.map(({ row_id }) => row_id));
    const found: RecallEntry[] = [];
    for (let last: readonly RecallEntry[] = entries; last.length > 0 && found.length < MOST_SUCCESSORS;) {
      const next: RecallEntry[] = [];
      for (const part of inParts(last)) {
        const ids = part.map(({ row_id }) => row_id);
        const named = part.flatMap(({ superseded_by }) => superseded_by ?? []);
        next.push(...(await this.matching(oneOf('supersedes', ids), scope)));
        if (named.length > 0) next.push(...(await this.matching(oneOf('row_id', named), scope)));
      }
      last = next.filter(({ row_id }) => !seen.has(row_id) && seen.add(row_id));
      found.push(...last);
    }
    return this.withTerms(found);
  }

  /** Entries of rows, of those that may be seen. */
  async ofRows(ids: readonly string[], scope: Scope): Promise<Candidate[]> {
    const found: RecallEntry[] = [];
    for (const part of inParts(ids)) found.push(...(await this.matching(oneOf('row_id', part), scope)));
    return this.withTerms(found);
  }

  private async matching(clause: Clause, scope: Scope): Promise<RecallEntry[]> {
    const { sql: where, values } = allOf([clause, ...this.within(scope)]);
    const text = `SELECT recall_entries.* FROM recall_entries WHERE ${where} ORDER BY n`;
    return this.rows.decode<RecallEntry>(storedOf(RecallEntry), await this.units.sql.scan<Row>(text, values));
  }

  /** The newest first. */
  private async entriesOf(term: string, scope: Scope, most: number): Promise<RecallEntry[]> {
    const { sql } = this.units;
    const { sql: where, values } = allOf([this.having(term), ...this.within(scope)]);
    const join = sql.dialect === 'sqlite' ? 'recall_index.rowid' : 'recall_index.n';
    const text =
      `SELECT recall_entries.* FROM recall_index JOIN recall_entries ON recall_entries.n = ${join} ` +
      `WHERE ${where} ORDER BY ${join} DESC LIMIT ${most}`;
    return this.rows.decode<RecallEntry>(storedOf(RecallEntry), await sql.scan<Row>(text, values));
  }

  /** Among the newest of the scope those that have any of some terms: no index of a common term is read through. */
  private async newestHaving(terms: readonly string[], scope: Scope, most: number): Promise<RecallEntry[]> {
    const { sql } = this.units;
    const isLite = sql.dialect === 'sqlite';
    const { sql: where, values } = allOf(this.within(scope));
    const padded = isLite ? "' ' || recall_index.terms || ' '" : "CONCAT(' ', recall_index.terms, ' ')";
    const text =
      `SELECT recall_entries.* FROM (SELECT * FROM recall_entries WHERE ${where} ORDER BY n DESC LIMIT ${NEWEST}) ` +
      `AS recall_entries JOIN recall_index ON recall_index.${isLite ? 'rowid' : 'n'} = recall_entries.n ` +
      `WHERE (${terms.map(() => `${padded} LIKE ?`).join(' OR ')}) ORDER BY recall_entries.n DESC LIMIT ${most}`;
    const found = await sql.scan<Row>(text, [...values, ...terms.map(term => `% ${term} %`)]);
    return this.rows.decode<RecallEntry>(storedOf(RecallEntry), found);
  }

  private having(term: string): Clause {
    return this.units.sql.dialect === 'sqlite'
      ? { sql: 'recall_index MATCH ?', values: [`"${term}"`] }
      : { sql: 'MATCH(recall_index.terms) AGAINST(? IN BOOLEAN MODE)', values: [`+${term}`] };
  }

  private within({ project_id, client_id, types, as_of }: Scope): Clause[] {
    const visible = clientRestriction(ENTRIES as never, currentActor());
    const clauses: Clause[] = visible ? [visible] : [];
    if (project_id) clauses.push({ sql: 'recall_entries.project_id = ?', values: [project_id] });
    if (client_id) clauses.push({ sql: 'recall_entries.client_id = ?', values: [client_id] });
    if (types?.length === 0) clauses.push({ sql: '1 = 0', values: [] });
    else if (types)
      clauses.push({ sql: `recall_entries.kind IN (${placeholders(types.length)})`, values: [...types] });
    if (as_of)
      clauses.push({
        sql: 'COALESCE(recall_entries.since, recall_entries.at) <= ?',
        values: [encodeMoment(as_of)],
      });
    return clauses;
  }

  private async withTerms(entries: RecallEntry[]): Promise<Candidate[]> {
    const key = this.units.sql.dialect === 'sqlite' ? 'rowid' : 'n';
    const terms = new Map<number, string>();
    for (const part of inParts(entries)) {
      const text = `SELECT ${key} AS n, terms FROM recall_index WHERE ${key} IN (${placeholders(part.length)})`;
      const found = await this.units.sql.scan<{ n: number; terms: string }>(text, part.map(({ n }) => n)); // prettier-ignore
      for (const { n, terms: one } of found) terms.set(Number(n), one);
    }
    return entries.map(entry => ({ ...entry, terms: (terms.get(entry.n) ?? '').split(' ') }));
  }
}
