import { Module } from '@nestjs/common';
import { ProblemSolutionsController } from './problem-solutions.controller.js';
import { ProblemSolutionsService } from './problem-solutions.service.js';
import './solution-term.entity.js';

@Module({
  controllers: [ProblemSolutionsController],
  providers: [ProblemSolutionsService],
  exports: [ProblemSolutionsService],
})
export class ProblemSolutionsModule {}
