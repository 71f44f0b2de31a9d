import { Module } from '@nestjs/common';
import { InfrastructureModule } from '../../estate/infrastructure/infrastructure.module.js';
import { EnvironmentalInsightsController } from './environmental-insights.controller.js';
import { EnvironmentalInsightsService } from './environmental-insights.service.js';

@Module({
  imports: [InfrastructureModule],
  controllers: [EnvironmentalInsightsController],
  providers: [EnvironmentalInsightsService],
  exports: [EnvironmentalInsightsService],
})
export class EnvironmentalInsightsModule {}
