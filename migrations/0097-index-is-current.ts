import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the index of recall is made of; tables from before it, whose rows it may not have. */
const SOURCES = [
  'conversation_contexts', 'context_snippets', 'decision_logs', 'project_states', 'problem_solutions', 'conversation_turns',
]; // prettier-ignore

/** Notes that nothing has to be indexed anew where there is nothing: in new installations. */
export class IndexIsCurrent1763800000970 implements MigrationInterface {
  name = 'IndexIsCurrent1763800000970';

  async up(runner: QueryRunner): Promise<void> {
    const empty = SOURCES.map(table => `NOT EXISTS (SELECT 1 FROM ${table})`).join(' AND ');
    await runner.query(
      `INSERT INTO recall_terms (term, holder, documents) SELECT ' version', '', 1 FROM (SELECT 1 AS one) AS single WHERE ${empty}`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("DELETE FROM recall_terms WHERE term = ' version'");
  }
}
