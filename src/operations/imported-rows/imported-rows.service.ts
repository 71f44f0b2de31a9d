import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { lockInstallation } from '../../core/database/locks.js';
import { inParts } from '../../core/database/sql.js';
import { Units } from '../../core/database/units.js';
import { now } from '../../core/database/values.js';
import { resourceOf } from '../../core/resource/resource.js';
import type { Type } from '../../core/table/field-spec.js';
import { Rows } from '../../core/table/rows.js';
import { ImportedRow } from './imported-row.entity.js';

const ONCE = 500;

/** What came from another program is known again by what it was called there: it comes once. */
@Injectable()
export class ImportedRows {
  constructor(
    private readonly rows: Rows,
    private readonly units: Units,
  ) {}

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

  /**
   * Makes the row of a key, in one unit with the note of it, unless it is there: of two that bring the same at the same
   * time, one waits and finds it.
   */
  once(
    type: Type<{ id: string }>,
    source: string,
    key: string,
    create: () => Promise<string>,
  ): Promise<{ id: string; isNew: boolean }> {
    return this.units.run(async () => {
      await lockInstallation(this.units.sql);
      const there = (await this.there(type, [key])).get(key);
      if (there !== undefined) return { id: there, isNew: false };
      const id = await create();
      await this.note(type, source, key, id);
      return { id, isNew: true };
    });
  }

  private async note(
    type: Type<{ id: string }>,
    source: string,
    source_key: string,
    row_id: string,
  ): Promise<void> {
    await this.rows.remove(ImportedRow, { source_key });
    const resource = resourceOf(type).name;
    await this.rows.insert(ImportedRow, { source_key, source, resource, row_id, created_at: now() });
  }
}
