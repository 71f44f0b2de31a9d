import { Module } from '@nestjs/common';
import { ApiAuditLogModule } from './api-audit-log/api-audit-log.module.js';
import { AuditRoutesModule } from './audit/audit.module.js';
import { BackupLogModule } from './backup-log/backup-log.module.js';
import { BackupsModule } from './backups/backups.module.js';
import { BulkImportModule } from './bulk-import/bulk-import.module.js';
import { ChangesModule } from './changes/changes.module.js';
import { DataFoldersModule } from './data-folders/data-folders.module.js';
import { EarlierEntriesModule } from './earlier-entries/earlier-entries.module.js';
import { ExpirationsModule } from './expirations/expirations.module.js';
import { ExternalIntegrationsModule } from './external-integrations/external-integrations.module.js';
import { ImportedRowsModule } from './imported-rows/imported-rows.module.js';
import { IntegrationCredentialsModule } from './integration-credentials/integration-credentials.module.js';
import { McpModule } from './mcp/mcp.module.js';
import { ReportsModule } from './reports/reports.module.js';
import { SearchModule } from './search/search.module.js';
import { SessionTimelineModule } from './session-timeline/session-timeline.module.js';
import { TicketLinksModule } from './ticket-links/ticket-links.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

@Module({
  imports: [
    TicketLinksModule,
    SessionTimelineModule,
    ExternalIntegrationsModule,
    IntegrationCredentialsModule,
    BackupLogModule,
    BackupsModule,
    BulkImportModule,
    ApiAuditLogModule,
    ChangesModule,
    DataFoldersModule,
    ExpirationsModule,
    ReportsModule,
    WebhooksModule,
    SearchModule,
    ImportedRowsModule,
    EarlierEntriesModule,
    AuditRoutesModule,
    McpModule,
  ],
})
export class OperationsModule {}
