import { Module } from '@nestjs/common';
import { ContextSnippetsModule } from '../context-snippets/context-snippets.module.js';
import { ConversationContextsModule } from '../conversation-contexts/conversation-contexts.module.js';
import { ConversationTurnsModule } from '../conversation-turns/conversation-turns.module.js';
import { DecisionLogsModule } from '../decision-logs/decision-logs.module.js';
import { NamedProjectsModule } from '../projects/named-projects.module.js';
import { ProjectStatesModule } from '../project-states/project-states.module.js';
import { EventClaims } from './event-claims.service.js';
import { EventDecisions } from './event-decisions.service.js';
import { EventStore } from './event-store.service.js';
import { MemoryController } from './memory.controller.js';
import './memory-event.entity.js';
import { MemoryEventsService } from './memory-events.service.js';
import { MemoryIndexService } from './memory-index.service.js';
import { ProjectProgress } from './project-progress.service.js';
import { SessionSummaries } from './session-summaries.service.js';

@Module({
  imports: [
    ContextSnippetsModule,
    ConversationContextsModule,
    ConversationTurnsModule,
    DecisionLogsModule,
    NamedProjectsModule,
    ProjectStatesModule,
  ],
  controllers: [MemoryController],
  providers: [
    EventClaims,
    EventDecisions,
    EventStore,
    MemoryEventsService,
    MemoryIndexService,
    ProjectProgress,
    SessionSummaries,
  ],
})
export class MemoryEventsModule {}
