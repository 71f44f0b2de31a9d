import { Injectable, OnModuleInit } from '@nestjs/common';
import { Refusals } from '../audit/refusals.js';
import { Units } from '../database/units.js';
import { allResources, clientColumn } from './resource.js';

const NAMES = ['name', 'title', 'hostname', 'email', 'service_name'];

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
    this.refusals.describedBy((type, id) => this.describe(type, id));
  }

  private async describe(
    type: string,
    id: string,
  ): Promise<{ client_id: string | null; name: string | null } | undefined> {
    const spec = allResources().find(one => one.name === type);
    if (!spec) return undefined;
    const names = NAMES.filter(name => spec.byName.has(name));
    const name = names.length > 0 ? `COALESCE(${[...names, 'NULL'].join(', ')})` : 'NULL';
    const [row] = await this.units.sql.select<{ client_id: string | null; name: string | null }>(
      `SELECT ${clientColumn(spec) ?? 'NULL'} AS client_id, ${name} AS name FROM ${spec.table} WHERE id = ?`,
      [id],
    );
    return row;
  }
}
