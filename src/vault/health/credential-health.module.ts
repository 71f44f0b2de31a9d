import { Module } from '@nestjs/common';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { CredentialHealthController } from './credential-health.controller.js';
import { CredentialHealth } from './credential-health.service.js';

@Module({
  imports: [CredentialsModule],
  controllers: [CredentialHealthController],
  providers: [CredentialHealth],
  exports: [CredentialHealth],
})
export class CredentialHealthModule {}
