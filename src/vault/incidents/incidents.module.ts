import { Module } from '@nestjs/common';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { AffectedCredentialsService } from './credentials/affected-credentials.service.js';
import { BruteForceWatch } from './watches/brute-force-watch.js';
import { CredentialRemovals } from './credentials/credential-removals.service.js';
import { IncidentCredentialsController } from './credentials/incident-credentials.controller.js';
import { IncidentCredentialsService } from './credentials/incident-credentials.service.js';
import { IncidentDeadlinesController } from './deadlines/incident-deadlines.controller.js';
import { IncidentDeadlinesService } from './deadlines/incident-deadlines.service.js';
import { IncidentReportsService } from './report/incident-reports.service.js';
import { IncidentTimelineController } from './timeline/incident-timeline.controller.js';
import { IncidentTimelineService } from './timeline/incident-timeline.service.js';
import { IncidentsController } from './incidents.controller.js';
import { IncidentsService } from './incidents.service.js';
import { GuessWatch } from './watches/guess-watch.js';
import { OpeningWatch } from './watches/opening-watch.js';
import { RefusalWatch } from './watches/refusal-watch.js';
import { RevealWatch } from './watches/reveal-watch.js';

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
    GuessWatch,
    OpeningWatch,
    RefusalWatch,
    RevealWatch,
  ],
  exports: [IncidentsService, IncidentCredentialsService],
})
export class IncidentsModule {}
