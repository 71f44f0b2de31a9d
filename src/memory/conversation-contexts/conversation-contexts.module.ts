import { Module } from '@nestjs/common';
import { UsageModule } from '../recurring/memory-usage.module.js';
import { ConversationContextsController } from './conversation-contexts.controller.js';
import { ConversationContextsService } from './conversation-contexts.service.js';

@Module({
  imports: [UsageModule],
  controllers: [ConversationContextsController],
  providers: [ConversationContextsService],
  exports: [ConversationContextsService],
})
export class ConversationContextsModule {}
