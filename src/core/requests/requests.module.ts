import { Global, Module } from '@nestjs/common';
import { Idempotency } from './idempotency.js';
import { Rehearsal } from './rehearsal.js';

/** One request, one unit of work, one stored answer. */
@Global()
@Module({ providers: [Idempotency, Rehearsal], exports: [Idempotency] })
export class RequestsModule {}
