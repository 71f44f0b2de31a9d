import { Injectable } from '@nestjs/common';
import { Discontinuity } from '../../core/audit/seals/discontinuity.js';
import { Trail } from '../../core/audit/seals/trail.service.js';
import { Units } from '../../core/database/units.js';
import { ApprovalEndings } from '../../vault/approvals/approval-endings.service.js';
import { SharesService } from '../../vault/shares/shares.service.js';
import { WebhooksService } from '../webhooks/webhooks.service.js';
import type { VerifiedBackup } from './verify-backup.js';

const BECAUSE = 'a backup was restored';

/** What a restored installation has to say, and must not bring back. */
@Injectable()
export class AfterRestore {
  constructor(
    private readonly units: Units,
    private readonly trail: Trail,
    private readonly discontinuity: Discontinuity,
    private readonly shares: SharesService,
    private readonly approvals: ApprovalEndings,
    private readonly webhooks: WebhooksService,
  ) {}

  /**
   * Says on the trail that it goes on from this backup, ends one-time links and approvals, which may have been used up
   * since, switches webhooks off, whose receivers may know what this database does not, or be those of another
   * installation that still runs, and seals. Logins are in no backup.
   */
  async settle({ id, created_at, version, checksum_sha256, trail }: VerifiedBackup): Promise<void> {
    const { sealed } = trail;
    await this.discontinuity.accept({ backup_id: id, created_at, version, checksum_sha256, sealed });
    await this.units.run(async () => {
      await this.shares.end({}, BECAUSE);
      await this.approvals.endAbout({}, BECAUSE);
      await this.webhooks.disableAll(BECAUSE);
    });
    await this.trail.checkpoint();
  }
}
