import { Module } from '@nestjs/common';
import { EarlierEntries } from './earlier-entries.service.js';

@Module({ providers: [EarlierEntries], exports: [EarlierEntries] })
export class EarlierEntriesModule {}
