import { Module } from '@nestjs/common';
import { ClientsModule } from '../../directory/clients/clients.module.js';
import { CredentialReader } from './credential-reader.js';
import { CredentialRights } from './credential-rights.service.js';
import { CredentialSecretsService } from './secrets/credential-secrets.service.js';
import './secrets/credential-secret.entity.js';
import { CredentialsController } from './credentials.controller.js';
import { CredentialsService } from './credentials.service.js';
import { GenerateController } from './generate/generate.controller.js';
import { LegacyCredentialsController } from './reveal/legacy.controller.js';
import { Opening } from './reveal/opening.service.js';
import { PolicyChanges } from './policy-changes.service.js';
import { RevealSeries } from './reveal/reveal-series.js';
import { ReferencesService } from './reveal/references.service.js';
import { RevealService } from './reveal/reveal.service.js';
import { RightsOfUsers } from './rights-of-users.service.js';
import { RotationService } from './rotation.service.js';
import { WrittenSecrets } from './secrets/written-secrets.js';
import { Duplicates } from './duplicates.service.js';
import { SecretsController } from './secrets.controller.js';

@Module({
  imports: [ClientsModule],
  controllers: [CredentialsController, SecretsController, GenerateController, LegacyCredentialsController],
  providers: [
    CredentialsService,
    CredentialSecretsService,
    CredentialReader,
    CredentialRights,
    Opening,
    PolicyChanges,
    RevealSeries,
    ReferencesService,
    RevealService,
    RightsOfUsers,
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
    Opening,
    PolicyChanges,
    RightsOfUsers,
  ],
})
export class CredentialsModule {}
