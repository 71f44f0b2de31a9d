import { Module } from '@nestjs/common';
import { BillableTimeModule } from './billable-time/billable-time.module.js';
import { ProjectsModule } from './projects/projects.module.js';
import { RateRulesModule } from './rate-rules/rate-rules.module.js';
import { SessionsModule } from './sessions/sessions.module.js';
import { WorkItemsModule } from './work-items/work-items.module.js';

/** What we do, for whom, and what it cost. */
@Module({ imports: [ProjectsModule, SessionsModule, WorkItemsModule, BillableTimeModule, RateRulesModule] })
export class WorkModule {}
