import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { inParts } from '../../core/database/sql.js';
import { now } from '../../core/database/values.js';
import { resourceOf } from '../../core/resource/resource.js';
import type { Type } from '../../core/table/field-spec.js';
import { Rows } from '../../core/table/rows.js';
import { ImportedRow } from './imported-row.entity.js';

const ONCE = 500;

/** What came from another program is known again by what it was called there: it comes once. */
@Injectable()
export class ImportedRows {
  constructor(private readonly rows: Rows) {}

  /** @param named what names the row at its source for good: its id there, or place and name; never a secret */
  keyOf(source: string, ...named: (string | number | null)[]): string {
    return createHash('sha256')
      .update(JSON.stringify([source, named]))
      .digest('hex');
  }

  /** Of the keys those whose row is still there, with its id. A row that was deleted since may come again. */
  async there(type: Type<{ id: string }>, keys: string[]): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const part of inParts(keys, ONCE)) {
      const known = await this.rows.find(ImportedRow, { source_key: part, resource: resourceOf(type).name });
      const present = await this.rows.find(type, { id: known.map(one => one.row_id) });
      const ids = new Set(present.map(one => one.id));
      for (const { source_key, row_id } of known) if (ids.has(row_id)) found.set(source_key, row_id);
    }
    return found;
  }

  /** Inside the unit that makes the row. */
  async note(type: Type<{ id: string }>, source: string, source_key: string, row_id: string): Promise<void> {
    await this.rows.remove(ImportedRow, { source_key });
    const resource = resourceOf(type).name;
    await this.rows.insert(ImportedRow, { source_key, source, resource, row_id, created_at: now() });
  }
}
