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
import { RecallTerm } from './recall-term.entity.js';

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
  /** Of each term that was asked for, how many entries have it, as far as that is known. */
  documents: Map<string, number>;
  /** How many entries there are. */
  total: number;
}

/** Entries that are read for one question: all of those that its rarest terms have. */
const MOST = 5_000;
/** Terms that are looked for; the rest counts for the rank alone. */
const MOST_TERMS = 24;
/** Whether a row may be seen is told by its client and its owner, as of a resource with both. */
const ENTRIES = { ...storedOf(RecallEntry), client: 'self', owner: 'user_id' } as const;

/**
 * Finds what may answer a question: the entries of its terms, the rarest first, until there are 5,000; of a term all
 * entries or, where they are too many, none, so that both databases find the same. Where every term is that common, the
 * newest 5,000 of the rarest.
 */
@Injectable()
export class Candidates {
  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
  ) {}

  async find(terms: readonly string[], scope: Scope): Promise<Found> {
    const known = await this.documentsOf(terms);
    const documents = new Map(terms.map(term => [term, known.get(term) ?? 0]));
    const rarest = terms
      .toSorted((a, b) => (documents.get(a) ?? 0) - (documents.get(b) ?? 0))
      .slice(0, MOST_TERMS);
    const entries = new Map<number, RecallEntry>();
    for (const term of rarest) {
      const room = MOST - entries.size;
      if ((documents.get(term) ?? 0) > MOST) break;
      const found = await this.entriesOf(term, scope, room + 1);
      documents.set(term, Math.max(documents.get(term) ?? 0, found.length));
      if (found.length > room) break;
      for (const entry of found) entries.set(entry.n, entry);
    }
    const [first] = rarest;
    if (entries.size === 0 && first !== undefined)
      for (const entry of await this.entriesOf(first, scope, MOST)) entries.set(entry.n, entry);
    const candidates = await this.withTerms([...entries.values()]);
    return { candidates, documents, total: Math.max(candidates.length, known.get('') ?? 0) };
  }

  private async documentsOf(terms: readonly string[]): Promise<Map<string, number>> {
    const found = await this.rows.find(RecallTerm, { term: [...terms, ''] });
    return new Map(found.map(({ term, documents }) => [term, documents]));
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
    if (types && types.length > 0)
      clauses.push({ sql: `recall_entries.kind IN (${placeholders(types.length)})`, values: [...types] });
    if (as_of) clauses.push({ sql: 'recall_entries.at <= ?', values: [encodeMoment(as_of)] });
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
