import { Module } from '@nestjs/common';
import { BulkImportController } from './bulk-import.controller.js';
import { ImportFiles } from './import-files.service.js';
import { ImportJobs } from './import-jobs.service.js';
import { ImportLeases } from './import-leases.service.js';
import { ImportParts } from './import-parts.service.js';
import { ImportRun } from './import-run.service.js';
import { ImportStages } from './import-stages.service.js';
import { ImportUploads } from './import-uploads.service.js';
import { ImportViews } from './import-views.service.js';
import { ImportWorker } from './import-worker.service.js';
import { ImportWrites } from './import-writes.service.js';

@Module({
  controllers: [BulkImportController],
  providers: [
    ...[ImportFiles, ImportJobs, ImportViews, ImportLeases, ImportParts, ImportRun],
    ...[ImportStages, ImportUploads, ImportWorker, ImportWrites],
  ],
})
export class BulkImportModule {}
