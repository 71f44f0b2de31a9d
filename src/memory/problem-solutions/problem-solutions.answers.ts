import { ApiProperty } from '@nestjs/swagger';
import { bodiesOf } from '../../core/resource/bodies/bodies.js';
import { resourceOf } from '../../core/resource/resource.js';
import { ProblemSolution } from './problem-solution.entity.js';

class MatchedSolution {
  @ApiProperty({ type: 'number', minimum: 0, maximum: 1, description: '1 for the same error' })
  score!: number;
  @ApiProperty({ type: bodiesOf(resourceOf(ProblemSolution)).view }) solution!: object;
}

/** What `matchProblemSolutions` answers with. */
export class SolutionMatches {
  @ApiProperty({ type: [MatchedSolution], description: 'The best first; none where nothing is alike' })
  items!: MatchedSolution[];
}
