import { Module } from '@nestjs/common';
import { UsageModule } from '../recurring/memory-usage.module.js';
import { ContextSnippetsController } from './context-snippets.controller.js';
import { ContextSnippetsService } from './context-snippets.service.js';

@Module({
  imports: [UsageModule],
  controllers: [ContextSnippetsController],
  providers: [ContextSnippetsService],
  exports: [ContextSnippetsService],
})
export class ContextSnippetsModule {}
