import { Module } from '@nestjs/common';
import { ApprovalsModule } from '../../vault/approvals/approvals.module.js';
import { DataExport } from './data-export.service.js';
import { DataImport } from './data-import.service.js';
import { FolderLoader } from './folder-loader.service.js';

@Module({
  imports: [ApprovalsModule],
  providers: [DataExport, DataImport, FolderLoader],
})
export class DataFoldersModule {}
