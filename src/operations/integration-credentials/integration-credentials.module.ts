import { Module } from '@nestjs/common';
import { CredentialsModule } from '../../vault/credentials/credentials.module.js';
import { IntegrationCredentialsController } from './integration-credentials.controller.js';
import { IntegrationCredentialsService } from './integration-credentials.service.js';

@Module({
  imports: [CredentialsModule],
  controllers: [IntegrationCredentialsController],
  providers: [IntegrationCredentialsService],
  exports: [IntegrationCredentialsService],
})
export class IntegrationCredentialsModule {}
