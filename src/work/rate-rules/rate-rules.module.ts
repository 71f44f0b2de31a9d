import { Module } from '@nestjs/common';
import { RateRulesController } from './rate-rules.controller.js';
import { RateRulesService } from './rate-rules.service.js';

@Module({ controllers: [RateRulesController], providers: [RateRulesService], exports: [RateRulesService] })
export class RateRulesModule {}
