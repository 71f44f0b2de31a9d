import { Global, Module } from '@nestjs/common';
import { Rows } from './rows.js';

@Global()
@Module({ providers: [Rows], exports: [Rows] })
export class TableModule {}
