import { Module } from '@nestjs/common';
import { CredentialsModule } from '../credentials.module.js';
import { CredentialLinksController } from './credential-links.controller.js';
import { CredentialLinksService } from './credential-links.service.js';

@Module({
  imports: [CredentialsModule],
  controllers: [CredentialLinksController],
  providers: [CredentialLinksService],
  exports: [CredentialLinksService],
})
export class CredentialLinksModule {}
