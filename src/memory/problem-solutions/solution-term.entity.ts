import { BelongsTo, Text, Uuid } from '../../core/table/field-decorators.js';
import { Stored } from '../../core/table/stored.js';
import { ProblemSolution } from './problem-solution.entity.js';

/** A word by which a problem is found. */
@Stored({
  table: 'problem_solution_terms',
  unique: [['problem_solution_id', 'term']],
  indexes: [['term', 'problem_solution_id']],
})
export class SolutionTerm {
  @Uuid({ primary: true }) id!: string;
  @BelongsTo(() => ProblemSolution, { onDelete: 'CASCADE', index: false }) problem_solution_id!: string;
  @Text({ max: 64 }) term!: string;
}
