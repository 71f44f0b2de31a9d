import { Injectable } from '@nestjs/common';
import { inParts, type SqlValue } from '../../core/database/sql.js';
import { Units } from '../../core/database/units.js';
import { allOf, type Clause } from '../../core/table/clause.js';
import type { Candidate, Scope } from './candidate.js';
import type { RecallEntry } from './recall-entry.entity.js';
import { thereAt, VisibleEntries } from './visible-entries.service.js';

/** How far around an entry is looked, and around how many in one statement. */
const AROUND = 2;
const TOGETHER = 30;
const MOST_SUCCESSORS = 500;

/** What was said around some entries. */
export interface Surroundings {
  candidates: Candidate[];
  /** Of each entry whose place is known, by its number, that of the one that was said next. */
  following: Map<number, number>;
}

interface Placed {
  around: number;
  n: number;
  sequence: number;
}

/** Finds what belongs to entries that were found: what was said around them, and what took their place. */
@Injectable()
export class RelatedEntries {
  constructor(
    private readonly units: Units,
    private readonly entries: VisibleEntries,
  ) {}

  /**
   * The two that were said just before and after each of some entries in its conversation, which need not have any of the
   * terms: the answer to a question often has none of its words. Places are an order and no distance: they are lines of a
   * file, or seconds.
   */
  async around(centres: readonly Candidate[], scope: Scope): Promise<Surroundings> {
    const following = new Map<number, number>();
    const numbers = new Set<number>();
    for (const part of inParts(centres.filter(isPlaced), TOGETHER)) {
      const near = await this.placesNear(part, scope);
      for (const { n, sequence } of part) {
        const chain = [{ n, sequence }, ...near.filter(one => one.around === n)].sort(
          (a, b) => a.sequence - b.sequence || a.n - b.n,
        );
        chain.forEach((one, at) => {
          numbers.add(one.n);
          const next = chain[at + 1];
          if (next) following.set(one.n, next.n);
        });
      }
    }
    const found = await this.entries.having('n', [...numbers], scope);
    return { candidates: await this.entries.withTerms(found), following };
  }

  /** The rows that took the place of some entries, and those that took theirs, and so on. */
  async successors(entries: readonly RecallEntry[], scope: Scope): Promise<Candidate[]> {
    const seen = new Set(entries.map(({ row_id }) => row_id));
    const found: RecallEntry[] = [];
    for (let last: readonly RecallEntry[] = entries; last.length > 0 && found.length < MOST_SUCCESSORS;) {
      const ids = last.map(({ row_id }) => row_id);
      const named = last.flatMap(({ superseded_by }) => superseded_by ?? []);
      const next = [
        ...(await this.entries.having('supersedes', ids, scope)),
        ...(await this.entries.having('row_id', named, scope)),
      ];
      last = next.filter(({ row_id }) => !seen.has(row_id) && seen.add(row_id));
      found.push(...last);
    }
    return this.entries.withTerms(found);
  }

  /** Entries of rows, of those that may be seen. */
  async ofRows(ids: readonly string[], scope: Scope): Promise<Candidate[]> {
    return this.entries.withTerms(await this.entries.having('row_id', ids, scope));
  }

  private async placesNear(centres: readonly PlacedCandidate[], { as_of }: Scope): Promise<Placed[]> {
    const values: SqlValue[] = [];
    const near = (centre: PlacedCandidate, isAfter: boolean) => {
      const { sql, values: own } = allOf([
        ...this.conversationOf(centre),
        ...(as_of ? [thereAt(as_of)] : []),
      ]);
      const [sign, order] = isAfter ? ['>', ''] : ['<', ' DESC'];
      values.push(centre.n, ...own, centre.sequence, centre.sequence, centre.n);
      const text =
        `SELECT ? AS around, n, sequence FROM recall_entries WHERE ${sql} AND sequence ${sign}= ? ` +
        `AND (sequence ${sign} ? OR n ${sign} ?) ORDER BY sequence${order}, n${order} LIMIT ${AROUND}`;
      return `SELECT * FROM (${text}) AS near_${values.length}`;
    };
    const text = centres.flatMap(one => [near(one, false), near(one, true)]).join(' UNION ALL ');
    const found = await this.units.sql.scan<Record<keyof Placed, number | string>>(text, values);
    return found.map(one => ({
      around: Number(one.around),
      n: Number(one.n),
      sequence: Number(one.sequence),
    }));
  }

  /** The same name with another client is another conversation; without one, with another user. */
  private conversationOf({ session_key, client_id, user_id }: Candidate): Clause[] {
    const holder: Clause =
      client_id === null
        ? { sql: `client_id IS NULL AND user_id ${this.is()} ?`, values: [user_id] }
        : { sql: 'client_id = ?', values: [client_id] };
    return [{ sql: 'session_key = ?', values: [session_key] }, holder];
  }

  private is(): string {
    return this.units.sql.dialect === 'sqlite' ? 'IS' : '<=>';
  }
}

type PlacedCandidate = Candidate & { sequence: number };
const isPlaced = (one: Candidate): one is PlacedCandidate =>
  one.session_key !== null && one.sequence !== null;
