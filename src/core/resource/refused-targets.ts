import { Injectable, OnModuleInit } from '@nestjs/common';
import { type Described, Refusals } from '../audit/refusals.js';
import { inParts, placeholders } from '../database/sql.js';
import { Units } from '../database/units.js';
import { nameOfRow } from './names.js';
import { allResources, clientColumn } from './resource.js';

/**
 * Tells the trail whose the row is that somebody was refused, so that the entry is seen by those who see the client:
 * whoever was refused may not even know of it.
 */
@Injectable()
export class RefusedTargets implements OnModuleInit {
  constructor(
    private readonly refusals: Refusals,
    private readonly units: Units,
  ) {}

  onModuleInit(): void {
    this.refusals.describedBy((type, ids) => this.describe(type, ids));
  }

  private async describe(type: string, ids: string[]): Promise<Map<string, Described>> {
    const spec = allResources().find(one => one.name === type);
    if (!spec) return new Map();
    const rows: (Described & { id: string })[] = [];
    for (const part of inParts(ids)) {
      const text =
        `SELECT id, ${clientColumn(spec) ?? 'NULL'} AS client_id, ${nameOfRow(spec)} AS name FROM ${spec.table} ` +
        `WHERE id IN (${placeholders(part.length)})`;
      rows.push(...(await this.units.sql.select<Described & { id: string }>(text, part)));
    }
    return new Map(rows.map(({ id, client_id, name }) => [id, { client_id, name }]));
  }
}
