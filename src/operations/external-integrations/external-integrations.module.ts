import { Module } from '@nestjs/common';
import { ExternalIntegrationsController } from './external-integrations.controller.js';
import { ExternalIntegrationsService } from './external-integrations.service.js';

@Module({
  controllers: [ExternalIntegrationsController],
  providers: [ExternalIntegrationsService],
  exports: [ExternalIntegrationsService],
})
export class ExternalIntegrationsModule {}
