import { Module } from '@nestjs/common';
import { BillableTimeModule } from './billable-time/billable-time.module.js';
import { PendingTasksModule } from './pending-tasks/pending-tasks.module.js';
import { ProjectsModule } from './projects/projects.module.js';
import { RateRulesModule } from './rate-rules/rate-rules.module.js';
import { SessionsModule } from './sessions/sessions.module.js';
import { TasksModule } from './tasks/tasks.module.js';
import { WorkItemsModule } from './work-items/work-items.module.js';
import { CommandsRunModule } from './commands-run/commands-run.module.js';
import { DatabaseChangesModule } from './database-changes/database-changes.module.js';
import { DeploymentsModule } from './deployments/deployments.module.js';
import { FileChangesModule } from './file-changes/file-changes.module.js';
import { InfrastructureChangesModule } from './infrastructure-changes/infrastructure-changes.module.js';

/** What we do, for whom, and what it cost. */
@Module({
  imports: [
    ProjectsModule,
    SessionsModule,
    WorkItemsModule,
    BillableTimeModule,
    RateRulesModule,
    TasksModule,
    PendingTasksModule,
    CommandsRunModule,
    DatabaseChangesModule,
    DeploymentsModule,
    FileChangesModule,
    InfrastructureChangesModule,
  ],
})
export class WorkModule {}
