import { Module } from '@nestjs/common';
import { ConversationContextsModule } from './conversation-contexts/conversation-contexts.module.js';
import { DecisionLogsModule } from './decision-logs/decision-logs.module.js';
import { FailurePatternsModule } from './failure-patterns/failure-patterns.module.js';
import { OperationFailuresModule } from './operation-failures/operation-failures.module.js';
import { EnvironmentalInsightsModule } from './environmental-insights/environmental-insights.module.js';
import { ProblemSolutionsModule } from './problem-solutions/problem-solutions.module.js';
import { ProjectStatesModule } from './project-states/project-states.module.js';
import { ContextSnippetsModule } from './context-snippets/context-snippets.module.js';
import { CompressModule } from './compression-route/compress.module.js';
import { MemoryEventsModule } from './events/memory-events.module.js';
import { ConversationTurnsModule } from './conversation-turns/conversation-turns.module.js';
import { RecallModule } from './recall/recall.module.js';

/** What was learnt, so that nobody has to learn it twice. */
@Module({
  imports: [
    ConversationContextsModule,
    ContextSnippetsModule,
    ConversationTurnsModule,
    ProjectStatesModule,
    DecisionLogsModule,
    ProblemSolutionsModule,
    EnvironmentalInsightsModule,
    FailurePatternsModule,
    OperationFailuresModule,
    RecallModule,
    MemoryEventsModule,
    CompressModule,
  ],
})
export class MemoryModule {}
