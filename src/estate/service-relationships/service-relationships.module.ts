import { Module } from '@nestjs/common';
import { ServicesModule } from '../services/services.module.js';
import { ImpactController } from './impact.controller.js';
import { ImpactService } from './impact.service.js';
import { ServiceRelationshipsController } from './service-relationships.controller.js';
import { ServiceRelationshipsService } from './service-relationships.service.js';

@Module({
  imports: [ServicesModule],
  controllers: [ServiceRelationshipsController, ImpactController],
  providers: [ServiceRelationshipsService, ImpactService],
  exports: [ServiceRelationshipsService],
})
export class ServiceRelationshipsModule {}
