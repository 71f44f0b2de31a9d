import { Module } from '@nestjs/common';
import { DatabaseChangesController } from './database-changes.controller.js';
import { DatabaseChangesService } from './database-changes.service.js';

@Module({
  controllers: [DatabaseChangesController],
  providers: [DatabaseChangesService],
  exports: [DatabaseChangesService],
})
export class DatabaseChangesModule {}
