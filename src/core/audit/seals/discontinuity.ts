import { Injectable } from '@nestjs/common';
import { AppSettings } from '../../config/settings.js';
import { ConflictError } from '../../context/errors.js';
import { MainDatabase } from '../../database/main-database.js';
import { Audit } from '../audit.service.js';
import { HeadFile } from './head-file.js';
import { SealKeys } from './seal-keys.js';
import { areEqual, openedBy } from './trusted-head.js';
import { storedCheckpoint, storedHead } from './tree-store.js';

/** The trail goes on from an older copy of the database that was brought back knowingly, and says so. */
@Injectable()
export class Discontinuity {
  private readonly file: HeadFile;

  constructor(
    private readonly database: MainDatabase,
    private readonly seals: SealKeys,
    private readonly audit: Audit,
    settings: AppSettings,
  ) {
    this.file = new HeadFile(settings.OPSKEEP_DATA);
  }

  /**
   * Takes what the database has in place of what this machine knows, and leaves an entry with both.
   *
   * @param restored the backup that was put into the database: then there is an entry in any case
   * @throws ConflictError when this installation has not signed what the database has
   */
  async accept(restored?: Record<string, unknown>): Promise<void> {
    const { reader } = this.database.connections;
    const head = await storedHead(reader);
    const note = await storedCheckpoint(reader, Number.MAX_SAFE_INTEGER);
    const signed = note === undefined ? undefined : await openedBy(this.seals, note);
    if (note === undefined || !signed || !areEqual(signed, head))
      throw new ConflictError(
        'The head of the audit trail in the database was not signed by this installation',
      );
    const before = await this.file.read();
    if (before === note && !restored) return;
    await this.file.write(note);
    await this.audit.recordRead({
      action: 'audit.discontinuity',
      resource_type: 'journal',
      details: { known: before ?? null, taken: note, ...(restored && { restored }) },
    });
  }
}
