import { Global, Module } from '@nestjs/common';
import { AuditCover } from './audit-cover.js';
import { Audit } from './audit.service.js';
import { JournalVerifier } from './journal-verifier.js';
import { Refusals } from './refusals.js';
import { Discontinuity } from './seals/discontinuity.js';
import { SealKeys } from './seals/seal-keys.js';
import { Sequencer } from './seals/sequencer.js';
import { TrailExport } from './seals/trail-export.js';
import { TrailStates } from './seals/trail-states.js';
import { Trail } from './seals/trail.service.js';
import './seals/audit-checkpoint.entity.js';
import './seals/audit-head.entity.js';
import './seals/audit-tile.entity.js';

const PROVIDERS = [
  SealKeys,
  Sequencer,
  Trail,
  TrailExport,
  Audit,
  AuditCover,
  Discontinuity,
  JournalVerifier,
  Refusals,
];

/** The journal: written by `Audit`, put in order and sealed by `Sequencer`, verified by `JournalVerifier`. */
@Global()
@Module({
  providers: [...PROVIDERS, TrailStates],
  exports: [...PROVIDERS],
})
export class AuditModule {}
