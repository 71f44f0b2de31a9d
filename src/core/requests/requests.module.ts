import { Global, Module } from '@nestjs/common';
import { Idempotency } from './idempotency.js';

/** One request, one unit of work, one stored answer. */
@Global()
@Module({ providers: [Idempotency], exports: [Idempotency] })
export class RequestsModule {}
