import { Module } from '@nestjs/common';
import { FileChangesController } from './file-changes.controller.js';
import { FileChangesService } from './file-changes.service.js';

@Module({
  controllers: [FileChangesController],
  providers: [FileChangesService],
  exports: [FileChangesService],
})
export class FileChangesModule {}
