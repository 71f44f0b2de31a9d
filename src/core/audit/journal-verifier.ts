import { Injectable } from '@nestjs/common';
import { AppSettings } from '../config/settings.js';
import { KeyRing } from '../crypto/key-ring.js';
import { MainDatabase } from '../database/main-database.js';
import { Audit } from './audit.service.js';
import { type TriggerFault, triggerFaults } from './journal-triggers.js';
import { HeadFile } from './seals/head-file.js';
import { SealKeys } from './seals/seal-keys.js';
import type { Verification } from './verification/verification.js';
import { type Checkpoints, verifyTrail } from './verification/verify-trail.js';

/** What a person is told: the entries, and what keeps them from being changed. */
export interface JournalReport extends Verification {
  triggers: TriggerFault[];
}

export interface VerifyOptions {
  progress?: (done: number, total: number) => void;
  checkpoints?: Checkpoints;
}

/** Verifies the journal for a person, and leaves in it who did and what was found. */
@Injectable()
export class JournalVerifier {
  private readonly file: HeadFile;

  constructor(
    private readonly database: MainDatabase,
    private readonly keys: KeyRing,
    private readonly seals: SealKeys,
    private readonly audit: Audit,
    settings: AppSettings,
  ) {
    this.file = new HeadFile(settings.OPSKEEP_DATA);
  }

  async verify({ progress, checkpoints }: VerifyOptions = {}): Promise<JournalReport> {
    const { connections } = this.database;
    const { keys, seals, file } = this;
    const entries = await verifyTrail({ connections, keys, seals, file, progress }, checkpoints);
    const triggers = await triggerFaults(connections.reader);
    const found = { ...entries, ok: entries.ok && triggers.length === 0, triggers };
    await this.audit.recordRead({
      action: 'audit.verify',
      outcome: found.ok ? 'ok' : 'failed',
      resource_type: 'journal',
      details: {
        checked: found.checked,
        sealed: found.sealed,
        faults: found.fault_count,
        first_bad: found.faults[0]?.seq,
        first_bad_n: found.faults[0]?.n,
        triggers,
      },
    });
    return found;
  }
}
