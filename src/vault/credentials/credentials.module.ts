import { Module } from '@nestjs/common';
import { CredentialReader } from './credential-reader.js';
import { CredentialRights } from './credential-rights.service.js';
import { CredentialSecretsService } from './credential-secrets.service.js';
import './credential-secret.entity.js';
import { CredentialsController } from './credentials.controller.js';
import { CredentialsService } from './credentials.service.js';
import { GenerateController } from './generate.controller.js';
import { LegacyCredentialsController } from './legacy.controller.js';
import { Opening } from './opening.service.js';
import { PolicyChanges } from './policy-changes.service.js';
import { RevealSeries } from './reveal-series.js';
import { RevealService } from './reveal.service.js';
import { RotationService } from './rotation.service.js';
import { WrittenSecrets } from './written-secrets.js';
import { Duplicates } from './duplicates.service.js';
import { SecretsController } from './secrets.controller.js';

@Module({
  controllers: [CredentialsController, SecretsController, GenerateController, LegacyCredentialsController],
  providers: [
    CredentialsService,
    CredentialSecretsService,
    CredentialReader,
    CredentialRights,
    Opening,
    PolicyChanges,
    RevealSeries,
    RevealService,
    RotationService,
    WrittenSecrets,
    Duplicates,
  ],
  exports: [
    CredentialsService,
    RotationService,
    WrittenSecrets,
    CredentialReader,
    CredentialRights,
    CredentialSecretsService,
  ],
})
export class CredentialsModule {}
