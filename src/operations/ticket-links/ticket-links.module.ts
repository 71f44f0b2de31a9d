import { Module } from '@nestjs/common';
import { WorkItemsModule } from '../../work/work-items/work-items.module.js';
import { TicketLinksController } from './ticket-links.controller.js';
import { TicketLinksService } from './ticket-links.service.js';

@Module({
  imports: [WorkItemsModule],
  controllers: [TicketLinksController],
  providers: [TicketLinksService],
  exports: [TicketLinksService],
})
export class TicketLinksModule {}
