import { Injectable } from '@nestjs/common';
import { KeyRing } from '../crypto/key-ring.js';
import { MainDatabase } from '../database/main-database.js';
import { Audit } from './audit.service.js';
import { type TriggerFault, triggerFaults } from './journal-triggers.js';
import { type Verification, verifyJournal } from './verify.js';

/** What a person is told: the entries, and what keeps them from being changed. */
export interface JournalReport extends Verification {
  triggers: TriggerFault[];
}

/** Verifies the journal for a person, and leaves in it who did and what was found. */
@Injectable()
export class JournalVerifier {
  constructor(
    private readonly database: MainDatabase,
    private readonly keys: KeyRing,
    private readonly audit: Audit,
  ) {}

  async verify(progress?: (done: number, total: number) => void): Promise<JournalReport> {
    const { reader } = this.database.connections;
    const entries = await verifyJournal(reader, this.keys, progress);
    const triggers = await triggerFaults(reader);
    const found = { ...entries, ok: entries.ok && triggers.length === 0, triggers };
    await this.audit.recordRead({
      action: 'audit.verify',
      outcome: found.ok ? 'ok' : 'failed',
      resource_type: 'journal',
      details: {
        checked: found.checked,
        faults: found.fault_count,
        first_bad_n: found.faults[0]?.n,
        triggers,
      },
    });
    return found;
  }
}
