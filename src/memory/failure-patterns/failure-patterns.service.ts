import { Injectable } from '@nestjs/common';
import { forUpdate } from '../../core/database/locks.js';
import { now } from '../../core/database/values.js';
import { newRow } from '../../core/resource/row-changes.js';
import { ResourceService } from '../../core/resource/resource.service.js';
import { retryIfTaken } from '../../core/resource/retry.js';
import { keyValue } from '../../core/table/unique-key.js';
import { FailurePattern } from './failure-pattern.entity.js';
import { signatureOf } from './failure-signature.js';

const KEY = { field: 'pattern_signature', within: ['client_id'] };

export interface Occurrence {
  client_id: string | null;
  operation_type: string;
  error_message: string;
}

@Injectable()
export class FailurePatternsService extends ResourceService(FailurePattern) {
  /**
   * Counts one more occurrence of an error, whoever may see its pattern; answers with the pattern's id. Of many who
   * bring a new error at the same time one makes the pattern, and the units of the others run anew and find it.
   */
  async count({ client_id, operation_type, error_message }: Occurrence): Promise<string> {
    const pattern_signature = signatureOf(error_message);
    const { sql } = this.kit.units;
    const [known] = await sql.select<{ id: string }>(
      `SELECT id FROM failure_patterns WHERE pattern_signature_key = ?${forUpdate(sql.dialect)}`,
      [keyValue(KEY, { pattern_signature, client_id }) ?? null],
    );
    const seen = now();
    if (known) {
      const before = await this.kit.rows.findOne(FailurePattern, { id: known.id });
      if (!before) throw this.stale();
      const occurrence_count = before.occurrence_count + 1;
      const first_seen_at = before.first_seen_at ?? seen;
      await this.change(before, { occurrence_count, first_seen_at, last_seen_at: seen }, 'occur');
      return before.id;
    }
    const row = newRow<FailurePattern>(this.spec, {
      client_id,
      pattern_signature,
      category: operation_type,
      description: error_message.slice(0, 2_000),
      occurrence_count: 1,
      first_seen_at: seen,
      last_seen_at: seen,
    });
    await this.kit.rows.insert(FailurePattern, row).catch(retryIfTaken(['pattern_signature']));
    this.recordChange('create', row);
    return row.id;
  }

  protected override fill(row: FailurePattern): void {
    row.pattern_signature = signatureOf(row.pattern_signature);
  }

  protected override nameOf({ pattern_signature }: FailurePattern): string {
    return pattern_signature.slice(0, 255);
  }
}
