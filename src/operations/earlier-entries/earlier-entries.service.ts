import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Audit } from '../../core/audit/audit.service.js';
import { lockInstallation } from '../../core/database/locks.js';
import { newId } from '../../core/database/new-id.js';
import { Units } from '../../core/database/units.js';
import { KnownSecrets, masked, textsIn } from '../../core/redaction/known-secrets.js';
import { Rows } from '../../core/table/rows.js';
import { redactValue } from '../../formats/redaction/redact.js';
import { EarlierEntry } from './earlier-entry.entity.js';

/** An entry as it is brought: `id` as `ImportedRows.keyOf` makes it. */
export interface BroughtEntry {
  id: string;
  credential_id: string | null;
  row: Record<string, string | null>;
}

/** A part of the history, and whether it is what the journal says was brought. */
export interface PartOfHistory {
  id: string;
  source: string;
  count: number;
  brought_at: string;
  is_intact: boolean;
}

const ACTION = 'audit.history';

interface JournalRow {
  resource_id: string;
  at: string;
  details: string;
}

/**
 * The audit entries of earlier systems, kept readable beside the journal. Each part that is brought is one entry of the
 * journal, with its number and the SHA-256 of what was stored: who changes the history later is found out.
 */
@Injectable()
export class EarlierEntries {
  constructor(
    private readonly rows: Rows,
    private readonly units: Units,
    private readonly audit: Audit,
    private readonly secrets: KnownSecrets,
  ) {}

  /** Stores those that are not there yet, in one unit; how many these were. */
  bring(source: string, entries: BroughtEntry[]): Promise<number> {
    return this.units.run(async () => {
      await lockInstallation(this.units.sql);
      const there = await this.rows.find(EarlierEntry, { id: entries.map(one => one.id) });
      const known = new Set(there.map(one => one.id));
      const fresh = entries.filter(one => !known.has(one.id));
      if (fresh.length === 0) return 0;
      const rows = fresh.map(one => redactValue(one.row));
      const mask = await this.secrets.maskFor(textsIn(rows));
      const part_id = newId();
      const stored = fresh.map(({ id, credential_id }, position): EarlierEntry => {
        const entry = JSON.stringify(mask ? masked(rows[position], mask) : rows[position]);
        return { id, part_id, position, source, credential_id, entry };
      });
      await this.rows.insert(EarlierEntry, ...stored);
      this.audit.record({
        action: ACTION,
        resource_type: 'earlier_entries',
        resource_id: part_id,
        details: { source, count: stored.length, sha256: digestOf(stored) },
      });
      return stored.length;
    });
  }

  /** Every part, oldest first, as far as the journal or the table knows of it. */
  async parts(): Promise<PartOfHistory[]> {
    const told = await this.units.sql.select<JournalRow>(
      'SELECT resource_id, at, details FROM journal WHERE action = ? ORDER BY n',
      [ACTION],
    );
    const parts: PartOfHistory[] = [];
    for (const { resource_id: id, at, details } of told) {
      const { source, count, sha256 } = JSON.parse(details) as Record<string, string | number>;
      const rows = await this.rows.find(EarlierEntry, { part_id: id }, { order: 'position' });
      const is_intact = rows.length === count && digestOf(rows) === sha256;
      parts.push({ id, source: String(source), count: Number(count), brought_at: at, is_intact });
    }
    return parts;
  }

  /** What there is of a credential, or of a source, or at all; in the order in which it was brought. */
  async read(
    where: Partial<Pick<EarlierEntry, 'credential_id' | 'source'>>,
    each: (row: Record<string, string | null>) => void,
  ): Promise<void> {
    for (const { id } of await this.parts())
      for (const one of await this.rows.find(EarlierEntry, { ...where, part_id: id }, { order: 'position' }))
        each(JSON.parse(one.entry) as Record<string, string | null>);
  }
}

function digestOf(rows: EarlierEntry[]): string {
  const hash = createHash('sha256');
  for (const { id, source, credential_id, entry } of rows)
    hash.update(`${JSON.stringify([id, source, credential_id, entry])}\n`);
  return hash.digest('hex');
}
