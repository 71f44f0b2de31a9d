import { Global, Module } from '@nestjs/common';
import { TokenCounter } from '../text/token-counter.js';
import { UsageModule } from '../recurring/memory-usage.module.js';
import { NamedProjectsModule } from '../projects/named-projects.module.js';
import { Candidates } from './candidates.service.js';
import { NamedClients } from './named-clients.service.js';
import { RelatedEntries } from './related-entries.service.js';
import { Ranking } from './ranking.service.js';
import { RecallController } from './recall.controller.js';
import { RecallEntries } from './recall-entries.service.js';
import { RecallService } from './recall.service.js';
import { RecalledRows } from './recalled-rows.service.js';
import { TaggedRows } from './tagged-rows.service.js';
import { TermStatistics } from './term-statistics.service.js';
import { VisibleEntries } from './visible-entries.service.js';
import { VisibleTerms } from './visible-terms.service.js';
import { Upkeep } from './upkeep.service.js';
import './recall-entry.entity.js';
import './recall-term.entity.js';

/** Global: tokens are counted in other rooms of the memory, too. */
@Global()
@Module({
  imports: [UsageModule, NamedProjectsModule],
  controllers: [RecallController],
  providers: [
    Candidates,
    NamedClients,
    Ranking,
    RecallEntries,
    RecallService,
    RecalledRows,
    RelatedEntries,
    TaggedRows,
    TermStatistics,
    VisibleEntries,
    VisibleTerms,
    TokenCounter,
    Upkeep,
  ],
  exports: [TokenCounter],
})
export class RecallModule {}
