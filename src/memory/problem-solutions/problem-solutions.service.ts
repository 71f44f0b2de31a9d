import { Injectable } from '@nestjs/common';
import { ValidationError } from '../../core/context/errors.js';
import { newId } from '../../core/database/new-id.js';
import { inParts } from '../../core/database/sql.js';
import { ResourceService } from '../../core/resource/resource.service.js';
import { allOf } from '../../core/table/clause.js';
import { signatureOf, wordsOf } from '../failure-patterns/failure-signature.js';
import { ProblemSolution } from './problem-solution.entity.js';
import type { SolutionMatches } from './problem-solutions.answers.js';
import { type Hit, scoresOf } from './ranking.js';
import { SolutionTerm } from './solution-term.entity.js';

/** Of a problem, the words by which it is found; of an error, those that are looked for. */
const MOST_TERMS = 40;
const MOST_WORDS = 24;
/** The newest problems with a word that are compared. */
const MOST_OF_A_WORD = 300;
/** The most alike, from which the best are chosen. */
const MOST_ALIKE = 100;

/** By which words a row is found from now on; without them it was deleted. */
interface Terms {
  id: string;
  terms?: string[];
  isNew: boolean;
}

@Injectable()
export class ProblemSolutionsService extends ResourceService(ProblemSolution) {
  /**
   * Problems whose words are those of an error, the best first. Of each word the newest 300 problems that the actor may
   * see are looked at, in the thread of scans: the cost does not depend on how many there are.
   */
  async match(error: unknown, most: number): Promise<SolutionMatches> {
    if (typeof error !== 'string' || error.trim() === '')
      throw ValidationError.of('error', 'must be the text of one error', 'isNotEmpty');
    const [words, same] = [wordsOf(error).slice(0, MOST_WORDS), await this.withSignature(signatureOf(error))];
    const scores = scoresOf(words, await this.hits(words));
    for (const id of same) scores.set(id, 1);
    const alike = [...scores].sort(([, a], [, b]) => b - a).slice(0, MOST_ALIKE);
    if (alike.length === 0) return { items: [] };
    const { items } = await this.list({ id: alike.map(([id]) => id), limit: String(MOST_ALIKE) });
    const ranked = items.map(solution => ({ score: scores.get(solution.id) ?? 0, solution }));
    // Where two are about as alike, what was seen to help, and often, comes first.
    const rank = (one: (typeof ranked)[number]) =>
      one.score + (one.solution.verified ? 0.1 : 0) + Math.min(one.solution.occurrences, 10) / 200;
    ranked.sort((a, b) => rank(b) - rank(a));
    return {
      items: ranked.slice(0, most).map(one => ({ ...one, score: Math.round(one.score * 100) / 100 })),
    };
  }

  protected override fill(row: ProblemSolution): void {
    row.error_signature = row.error_text && signatureOf(row.error_text);
  }

  protected override completeAdopted(row: ProblemSolution): void {
    this.fill(row);
  }

  protected override stored(row: ProblemSolution | undefined, before: ProblemSolution | undefined): void {
    const id = row?.id ?? before?.id ?? '';
    const [terms, former] = [row && termsOf(row), before && termsOf(before)];
    if (row && JSON.stringify(terms) === JSON.stringify(former)) return;
    this.kit.units.beforeCommit('terms of solutions', [{ id, terms, isNew: !before }], all =>
      this.storeTerms(all),
    );
  }

  /** As the last change of each row left them; those of a row that is gone went with it. */
  private async storeTerms(all: Terms[]): Promise<void> {
    const changed = all.filter(one => one.terms && !one.isNew).map(one => one.id);
    if (changed.length > 0) await this.kit.rows.remove(SolutionTerm, { problem_solution_id: changed });
    const rows = [...new Map(all.map(one => [one.id, one.terms ?? []]))].flatMap(
      ([problem_solution_id, terms]) => terms.map(term => ({ id: newId(), problem_solution_id, term })),
    );
    for (const part of inParts(rows)) await this.kit.rows.insert(SolutionTerm, ...part);
  }

  private async withSignature(signature: string): Promise<string[]> {
    const { sql, values } = allOf([
      { sql: 'problem_solutions.error_signature = ?', values: [signature] },
      ...this.restrictions(),
    ]);
    const text = `SELECT problem_solutions.id FROM problem_solutions WHERE ${sql} ORDER BY problem_solutions.id DESC LIMIT 20`;
    return (await this.kit.units.sql.scan<{ id: string }>(text, values)).map(one => one.id);
  }

  private async hits(words: string[]): Promise<Hit[]> {
    if (words.length === 0) return [];
    const visible = allOf(this.restrictions());
    const ofWord =
      'SELECT terms.term, terms.problem_solution_id AS id FROM problem_solution_terms terms ' +
      'JOIN problem_solutions ON problem_solutions.id = terms.problem_solution_id ' +
      `WHERE terms.term = ? AND ${visible.sql} ORDER BY terms.problem_solution_id DESC LIMIT ${MOST_OF_A_WORD}`;
    const text = words.map((_, n) => `SELECT * FROM (${ofWord}) of_word_${n}`).join(' UNION ALL ');
    const values = words.flatMap(word => [word, ...visible.values]);
    return this.kit.units.sql.scan<{ term: string; id: string }>(text, values);
  }
}

/** What is shown where it happens tells the most. */
function termsOf({ error_text, title, problem, symptoms }: ProblemSolution): string[] {
  const words = [error_text, title, problem, symptoms].flatMap(text => (text ? wordsOf(text) : []));
  return [...new Set(words)].slice(0, MOST_TERMS);
}
