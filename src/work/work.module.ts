import { Module } from '@nestjs/common';
import { ProjectsModule } from './projects/projects.module.js';
import { SessionsModule } from './sessions/sessions.module.js';
import { WorkItemsModule } from './work-items/work-items.module.js';

/** What we do, for whom, and what it cost. */
@Module({ imports: [ProjectsModule, SessionsModule, WorkItemsModule] })
export class WorkModule {}
