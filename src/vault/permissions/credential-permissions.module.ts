import { Module } from '@nestjs/common';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { CredentialPermissionsController } from './credential-permissions.controller.js';
import { CredentialPermissionsService } from './credential-permissions.service.js';
import { GrantChains } from './grant-chains.service.js';

@Module({
  imports: [CredentialsModule],
  controllers: [CredentialPermissionsController],
  providers: [CredentialPermissionsService, GrantChains],
  exports: [CredentialPermissionsService],
})
export class CredentialPermissionsModule {}
