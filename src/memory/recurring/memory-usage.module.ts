import { Module } from '@nestjs/common';
import { UsageCounter } from './usage-counter.service.js';

@Module({ providers: [UsageCounter], exports: [UsageCounter] })
export class UsageModule {}
