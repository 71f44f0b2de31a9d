import { Get, Query } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { RequireScope } from '../../core/http/access.decorators.js';
import { ApiController } from '../../core/http/api-controller.js';
import { ErrorsOf } from '../../core/http/errors/error-answer.js';
import { CountPipe } from '../../core/http/pipes/count.pipe.js';
import { ResourceController } from '../../core/resource/resource.controller.js';
import { ProblemSolution } from './problem-solution.entity.js';
import { SolutionMatches } from './problem-solutions.answers.js';
import { ProblemSolutionsService } from './problem-solutions.service.js';

@ApiController('problem-solutions')
export class ProblemSolutionsController extends ResourceController(ProblemSolution) {
  constructor(readonly service: ProblemSolutionsService) {
    super();
  }

  @Get('match')
  @RequireScope('msp:read')
  @ApiOperation({
    operationId: 'matchProblemSolutions',
    summary: 'Finds problems like an error, with what solved them',
    description:
      'Compares words, without ids, times, addresses and numbers; of each word the newest 300 problems are looked at.',
  })
  @ApiQuery({
    name: 'error',
    description: 'Its text; the first 4,000 characters count',
    example: 'SMTP timeout',
  })
  @ApiQuery({
    name: 'count',
    required: false,
    description: 'At most so many',
    schema: { type: 'integer', minimum: 1, maximum: 20, default: 5 },
  })
  @ApiResponse({ status: 200, description: 'The best first', type: SolutionMatches })
  @ErrorsOf(422)
  match(@Query('error') error: unknown, @Query('count', new CountPipe(5, 20)) count: number) {
    return this.service.match(error, count);
  }
}
