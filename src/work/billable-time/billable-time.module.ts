import { Module } from '@nestjs/common';
import { RateRulesModule } from '../rate-rules/rate-rules.module.js';
import { Approvals } from './approvals.service.js';
import { BillableTimeController } from './billable-time.controller.js';
import { BillableTimeService } from './billable-time.service.js';
import { ManyApprovals } from './many-approvals.service.js';
import { Credits } from './credits.service.js';
import { Prices } from './prices.service.js';
import { Repricing } from './repricing.service.js';
import { Summaries } from './summaries.service.js';

@Module({
  imports: [RateRulesModule],
  controllers: [BillableTimeController],
  providers: [BillableTimeService, Prices, Approvals, ManyApprovals, Repricing, Credits, Summaries],
  exports: [BillableTimeService, Summaries],
})
export class BillableTimeModule {}
