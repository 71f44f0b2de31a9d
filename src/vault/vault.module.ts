import { Module } from '@nestjs/common';
import { ApprovalsModule } from './approvals/approvals.module.js';
import { CredentialAuditLogsModule } from './audit-logs/credential-audit-logs.module.js';
import { BreakGlassModule } from './break-glass/break-glass.module.js';
import { CredentialLinksModule } from './credentials/links/credential-links.module.js';
import { CredentialsModule } from './credentials/credentials.module.js';
import { ExposureModule } from './exposure/exposure.module.js';
import { CredentialHealthModule } from './health/credential-health.module.js';
import { IncidentsModule } from './incidents/incidents.module.js';
import { KvModule } from './kv/kv.module.js';
import { OffboardingModule } from './offboarding/offboarding.module.js';
import { SecretsExportModule } from './secrets-export/secrets-export.module.js';
import { SharesModule } from './shares/shares.module.js';
import { VaultSecretsModule } from './credentials/secrets/vault-secrets.module.js';
import { CredentialPermissionsModule } from './permissions/credential-permissions.module.js';

/** The keys of all clients: credentials, grants, their trail, and incidents. */
@Module({
  imports: [
    CredentialsModule,
    CredentialLinksModule,
    CredentialPermissionsModule,
    CredentialAuditLogsModule,
    IncidentsModule,
    ApprovalsModule,
    BreakGlassModule,
    VaultSecretsModule,
    CredentialHealthModule,
    ExposureModule,
    KvModule,
    SharesModule,
    SecretsExportModule,
    OffboardingModule,
  ],
})
export class VaultModule {}
