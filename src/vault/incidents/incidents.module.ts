import { Module } from '@nestjs/common';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { AffectedCredentialsService } from './affected-credentials.service.js';
import { BruteForceWatch } from './brute-force-watch.js';
import { CredentialRemovals } from './credential-removals.service.js';
import { IncidentCredentialsController } from './incident-credentials.controller.js';
import { IncidentCredentialsService } from './incident-credentials.service.js';
import { IncidentDeadlinesController } from './incident-deadlines.controller.js';
import { IncidentDeadlinesService } from './incident-deadlines.service.js';
import { IncidentReportsService } from './incident-reports.service.js';
import { IncidentTimelineController } from './incident-timeline.controller.js';
import { IncidentTimelineService } from './incident-timeline.service.js';
import { IncidentsController } from './incidents.controller.js';
import { IncidentsService } from './incidents.service.js';
import { RefusalWatch } from './refusal-watch.js';
import { RevealWatch } from './reveal-watch.js';

@Module({
  imports: [CredentialsModule],
  controllers: [
    IncidentsController,
    IncidentTimelineController,
    IncidentCredentialsController,
    IncidentDeadlinesController,
  ],
  providers: [
    IncidentsService,
    IncidentTimelineService,
    IncidentDeadlinesService,
    IncidentCredentialsService,
    AffectedCredentialsService,
    CredentialRemovals,
    IncidentReportsService,
    BruteForceWatch,
    RefusalWatch,
    RevealWatch,
  ],
  exports: [IncidentsService, IncidentCredentialsService],
})
export class IncidentsModule {}
