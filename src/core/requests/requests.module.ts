import { Global, Module } from '@nestjs/common';
import { Idempotency } from './idempotency.js';
import { Rehearsal } from './rehearsal.js';
import { Uploads } from './uploads/uploads.js';

/** One request, one unit of work, one stored answer. */
@Global()
@Module({ providers: [Idempotency, Rehearsal, Uploads], exports: [Idempotency, Uploads] })
export class RequestsModule {}
