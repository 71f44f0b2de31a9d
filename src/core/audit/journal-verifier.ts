import { Injectable } from '@nestjs/common';
import { KeyRing } from '../crypto/key-ring.js';
import { MainDatabase } from '../database/main-database.js';
import { Audit } from './audit.service.js';
import { Verification, verifyJournal } from './verify.js';

/** Verifies the journal for a person, and leaves in it who did and what was found. */
@Injectable()
export class JournalVerifier {
  constructor(
    private readonly database: MainDatabase,
    private readonly keys: KeyRing,
    private readonly audit: Audit,
  ) {}

  async verify(progress?: (done: number, total: number) => void): Promise<Verification> {
    const found = await verifyJournal(this.database.connections.reader, this.keys, progress);
    await this.audit.recordRead({
      action: 'audit.verify',
      outcome: found.ok ? 'ok' : 'failed',
      resource_type: 'journal',
      details: { checked: found.checked, faults: found.fault_count, first_bad_n: found.faults[0]?.n },
    });
    return found;
  }
}
