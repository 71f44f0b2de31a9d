import { Module } from '@nestjs/common';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { IncidentsModule } from '../incidents/incidents.module.js';
import { AdoptedSecrets } from './adopted-secrets.service.js';
import { SecretsExport } from './secrets-export.service.js';

/** Secrets on their way from one installation to another. */
@Module({
  imports: [CredentialsModule, IncidentsModule],
  providers: [SecretsExport, AdoptedSecrets],
  exports: [SecretsExport, AdoptedSecrets],
})
export class SecretsExportModule {}
