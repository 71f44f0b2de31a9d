import { Module } from '@nestjs/common';
import { ApprovalsModule } from '../../vault/approvals/approvals.module.js';
import { SecretsExportModule } from '../../vault/secrets-export/secrets-export.module.js';
import { DataExport } from './data-export.service.js';
import { DataImport } from './data-import.service.js';
import { FolderLoader } from './folder-loader.service.js';
import { FolderSecrets } from './folder-secrets.service.js';

@Module({
  imports: [ApprovalsModule, SecretsExportModule],
  providers: [DataExport, DataImport, FolderLoader, FolderSecrets],
})
export class DataFoldersModule {}
