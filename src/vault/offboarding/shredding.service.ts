import { Injectable } from '@nestjs/common';
import { lockRows } from '../../core/database/locks.js';
import { placeholders } from '../../core/database/sql.js';
import { Units } from '../../core/database/units.js';
import { encodeMoment, now } from '../../core/database/values.js';
import { Rows } from '../../core/table/rows.js';
import { ApprovalEndings } from '../approvals/approval-endings.service.js';
import { Credential } from '../credentials/credential.entity.js';
import { CredentialsService } from '../credentials/credentials.service.js';
import { SharesService } from '../shares/shares.service.js';

/** Credentials of one unit: it holds SQLite's writer. */
const BATCH = 50;
const WHY = 'the client was off-boarded';

/** What is left of secrets whose keys are gone, and of ways to them. */
@Injectable()
export class Shredding {
  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly credentials: CredentialsService,
    private readonly shares: SharesService,
    private readonly approvals: ApprovalEndings,
  ) {}

  /** Of every credential of the client; in pieces, each of which is done once. */
  async shred(client_id: string): Promise<void> {
    for (let last: string | undefined = ''; last !== undefined;) {
      const found: { id: string }[] = await this.units.sql.select<{ id: string }>(
        `SELECT id FROM credentials WHERE client_id = ? AND id > ? ORDER BY id LIMIT ${BATCH}`,
        [client_id, last],
      );
      const ids = found.map(one => one.id);
      if (ids.length > 0) await this.units.run(() => this.shredSome(client_id, ids));
      last = ids.length < BATCH ? undefined : ids.at(-1);
    }
  }

  /** Links of the client that ended since then: by this, or because nothing opens. */
  async linksEnded(client_id: string, since: string): Promise<number> {
    const [row] = await this.units.sql.select<{ total: number }>(
      'SELECT COUNT(*) AS total FROM credential_shares s JOIN credentials c ON c.id = s.credential_id ' +
        'WHERE c.client_id = ? AND s.revoked_at >= ?',
      [client_id, encodeMoment(since)],
    );
    return Number(row?.total);
  }

  /** Requests about the client itself. */
  async endApprovals(client_id: string): Promise<void> {
    const approvals = await this.approvals.endAbout({ client_id }, WHY);
    await this.count(client_id, { approvals });
  }

  private async shredSome(client_id: string, ids: string[]): Promise<void> {
    const { sql } = this.units;
    // Whoever writes a secret just now has the row locked, and is waited for.
    await lockRows(sql, 'credentials', ids);
    await this.shares.end({ credential_id: ids }, WHY);
    const listed = placeholders(ids.length);
    await sql.change(`UPDATE credential_shares SET sealed = NULL WHERE credential_id IN (${listed})`, ids);
    const approvals = await this.approvals.endAbout({ credential_id: ids }, WHY);
    const sealed = await sql.select<{ credential_id: string; total: number }>(
      `SELECT credential_id, COUNT(sealed) AS total FROM credential_secrets WHERE credential_id IN (${listed}) GROUP BY credential_id`,
      ids,
    );
    const totals = new Map(sealed.map(one => [one.credential_id, Number(one.total)]));
    await sql.change(
      `UPDATE credential_secrets SET sealed = NULL, fingerprint = NULL WHERE credential_id IN (${listed})`,
      ids,
    );
    let credentials = 0;
    for (const before of await this.rows.find(Credential, { id: ids, client_id })) {
      const secrets = totals.get(before.id) ?? 0;
      if (secrets === 0 && before.archived_at !== null) continue;
      credentials++;
      const archived_at = before.archived_at ?? now();
      await this.credentials.change(before, { archived_at }, 'offboard', { secrets_removed: secrets });
    }
    const secrets = [...totals.values()].reduce((sum, one) => sum + one, 0);
    await this.count(client_id, { credentials, secrets, approvals });
  }

  private async count(client_id: string, done: Record<string, number>): Promise<void> {
    const names = Object.keys(done);
    await this.units.sql.change(
      `UPDATE offboardings SET ${names.map(name => `${name} = ${name} + ?`).join(', ')} WHERE client_id = ?`,
      [...Object.values(done), client_id],
    );
  }
}
