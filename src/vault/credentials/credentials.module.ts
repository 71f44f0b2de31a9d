import { Module } from '@nestjs/common';
import { CredentialReader } from './credential-reader.js';
import { CredentialSecretsService } from './credential-secrets.service.js';
import './credential-secret.entity.js';
import { CredentialsController } from './credentials.controller.js';
import { CredentialsService } from './credentials.service.js';
import { GenerateController } from './generate.controller.js';
import { LegacyCredentialsController } from './legacy.controller.js';
import { RevealGate } from './reveal-gate.js';
import { RevealService } from './reveal.service.js';
import { RotationService } from './rotation.service.js';
import { SecretsController } from './secrets.controller.js';

@Module({
  controllers: [CredentialsController, SecretsController, GenerateController, LegacyCredentialsController],
  providers: [
    CredentialsService,
    CredentialSecretsService,
    CredentialReader,
    RevealGate,
    RevealService,
    RotationService,
  ],
  exports: [CredentialsService, RotationService, CredentialReader, CredentialSecretsService],
})
export class CredentialsModule {}
