import { Injectable } from '@nestjs/common';
import { currentActor } from '../../core/context/request-context.js';
import { inParts, placeholders, type Row, type SqlValue } from '../../core/database/sql.js';
import { Units } from '../../core/database/units.js';
import { encodeMoment } from '../../core/database/values.js';
import { clientRestriction } from '../../core/resource/restriction.js';
import { allOf, type Clause } from '../../core/table/clause.js';
import { Rows } from '../../core/table/rows.js';
import { storedOf } from '../../core/table/stored.js';
import type { Candidate, Scope } from './candidate.js';
import { RecallEntry } from './recall-entry.entity.js';

const STORED = storedOf(RecallEntry);
/** Whether a row may be seen is told by its client and its owner, as of a resource with both. */
const ENTRIES = { ...STORED, client: 'self', owner: 'user_id' } as const;

/** Reads entries of a scope, of those that the actor may see. */
@Injectable()
export class VisibleEntries {
  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
  ) {}

  /** Entries that fulfil a condition, by their number. */
  matching(clause: Clause, scope: Scope): Promise<RecallEntry[]> {
    const { sql: where, values } = allOf([clause, ...this.within(scope)]);
    return this.read(`SELECT recall_entries.* FROM recall_entries WHERE ${where} ORDER BY n`, values);
  }

  /** Those of which a column has one of some values. */
  async having(column: 'n' | 'row_id' | 'supersedes', values: readonly SqlValue[], scope: Scope) {
    const found: RecallEntry[] = [];
    for (const part of inParts(values)) {
      const sql = `recall_entries.${column} IN (${placeholders(part.length)})`;
      found.push(...(await this.matching({ sql, values: [...part] }, scope)));
    }
    return found;
  }

  /** @param text a statement that selects all columns of `recall_entries` alone */
  async read(text: string, values: SqlValue[]): Promise<RecallEntry[]> {
    return this.rows.decode<RecallEntry>(STORED, await this.units.sql.scan<Row>(text, values));
  }

  /** The conditions of a scope, and of what the actor may see. */
  within({ project_id, client_id, types, as_of }: Scope): Clause[] {
    const visible = clientRestriction(ENTRIES as never, currentActor());
    const clauses: Clause[] = visible ? [visible] : [];
    if (project_id) clauses.push({ sql: 'recall_entries.project_id = ?', values: [project_id] });
    if (client_id) clauses.push({ sql: 'recall_entries.client_id = ?', values: [client_id] });
    if (types?.length === 0) clauses.push({ sql: '1 = 0', values: [] });
    else if (types)
      clauses.push({ sql: `recall_entries.kind IN (${placeholders(types.length)})`, values: [...types] });
    if (as_of) clauses.push(thereAt(as_of));
    return clauses;
  }

  async withTerms(entries: RecallEntry[]): Promise<Candidate[]> {
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

/** Whether an entry was there at a time. */
export const thereAt = (as_of: string): Clause => ({
  sql: 'COALESCE(recall_entries.since, recall_entries.at) <= ?',
  values: [encodeMoment(as_of)],
});
