import { Module } from '@nestjs/common';
import { ProjectsModule } from './projects/projects.module.js';

/** What we do, for whom, and what it cost. */
@Module({ imports: [ProjectsModule] })
export class WorkModule {}
