import { Module } from '@nestjs/common';
import { ConversationTurnsController } from './conversation-turns.controller.js';
import { ConversationTurnsService } from './conversation-turns.service.js';

@Module({
  controllers: [ConversationTurnsController],
  providers: [ConversationTurnsService],
  exports: [ConversationTurnsService],
})
export class ConversationTurnsModule {}
