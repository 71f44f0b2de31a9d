import { Global, Module } from '@nestjs/common';
import { Workers } from './workers.js';

/** Work beside the event loop. */
@Global()
@Module({ providers: [Workers], exports: [Workers] })
export class WorkersModule {}
