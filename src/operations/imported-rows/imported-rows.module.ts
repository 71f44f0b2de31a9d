import { Module } from '@nestjs/common';
import { ImportedRows } from './imported-rows.service.js';

@Module({ providers: [ImportedRows], exports: [ImportedRows] })
export class ImportedRowsModule {}
