import { Injectable } from '@nestjs/common';
import { currentActor } from '../../core/context/request-context.js';
import { placeholders } from '../../core/database/sql.js';
import { Units } from '../../core/database/units.js';
import type { Clause } from '../../core/table/clause.js';
import { TOTAL } from './recall-term.entity.js';

/** How common terms are. */
export interface TermCounts {
  /** Of each term that is known, how many of the entries that the actor may see have it. */
  documents: Map<string, number>;
  /** How many entries the actor may see. */
  total: number;
  /** How many entries of anybody have a term: for the choice between ways of reading that find the same, and nothing else. */
  anywhere: Map<string, number>;
}

/** How common terms are among what the actor may see: scores that knew more would tell of what others have. */
@Injectable()
export class VisibleTerms {
  constructor(private readonly units: Units) {}

  async of(terms: readonly string[]): Promise<TermCounts> {
    const asked = [TOTAL, ...terms];
    const own = visibleHolders();
    const text =
      `SELECT term, SUM(documents) AS anywhere, SUM(CASE WHEN ${own.sql} THEN documents ELSE 0 END) AS documents ` +
      `FROM recall_terms WHERE term IN (${placeholders(asked.length)}) GROUP BY term`;
    const rows = await this.units.sql.scan<{
      term: string;
      anywhere: number | string;
      documents: number | string;
    }>(text, [...own.values, ...asked]);
    const documents = new Map(rows.map(one => [one.term, Number(one.documents)]));
    const anywhere = new Map(rows.map(one => [one.term, Number(one.anywhere)]));
    return { documents, anywhere, total: documents.get(TOTAL) ?? 0 };
  }
}

/** As `clientRestriction` has it of entries: of a client that is seen, or of none and the actor's own. */
function visibleHolders(): Clause {
  const { client_access, client_ids, id } = currentActor();
  if (client_access === 'all') return { sql: '1 = 1', values: [] };
  if (client_access === 'only')
    return { sql: `holder IN (${placeholders(client_ids.length + 1)})`, values: [...client_ids, id] };
  if (client_ids.length === 0) return { sql: '1 = 1', values: [] };
  return { sql: `holder NOT IN (${placeholders(client_ids.length)})`, values: [...client_ids] };
}
