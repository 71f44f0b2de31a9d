import { Global, Module } from '@nestjs/common';
import { Audit } from './audit.service.js';
import { JournalVerifier } from './journal-verifier.js';
import { Refusals } from './refusals.js';

/** The journal: written by `Audit`, verified by `JournalVerifier`. */
@Global()
@Module({ providers: [Audit, JournalVerifier, Refusals], exports: [Audit, JournalVerifier, Refusals] })
export class AuditModule {}
