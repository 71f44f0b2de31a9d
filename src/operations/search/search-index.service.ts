import { Injectable, type OnModuleInit } from '@nestjs/common';
import { inParts, placeholders, type SqlValue } from '../../core/database/sql.js';
import { Units } from '../../core/database/units.js';
import { ResourceRegistry } from '../../core/resource/resource-registry.js';
import type { ResourceEntity, ResourceSpec } from '../../core/resource/resource.js';
import type { RowFollower } from '../../core/resource/row-follower.js';
import { nextTurn, turnIsOver } from '../../core/workers/turns.js';
import { rowTerms, searchedFields } from './row-terms.js';

interface Followed {
  spec: ResourceSpec;
  row: ResourceEntity;
  isDeleted: boolean;
  before?: ResourceEntity;
}

/** Terms of one statement: four values each. */
const PART = 2_000;
/** Rows whose terms one statement removes: on SQLite it holds everybody up. */
const REMOVED = 100;

/** Keeps the terms of rows beside them: all that a unit has changed, in one statement or two as the last of it. */
@Injectable()
export class SearchIndex implements RowFollower, OnModuleInit {
  constructor(
    private readonly units: Units,
    private readonly registry: ResourceRegistry,
  ) {}

  onModuleInit(): void {
    this.registry.followers.add(this);
  }

  follow(spec: ResourceSpec, row: ResourceEntity, isDeleted: boolean, before?: ResourceEntity): void {
    const fields = searchedFields(spec);
    if (fields.length === 0) return;
    const value = (one: ResourceEntity, name: string) => (one as unknown as Record<string, unknown>)[name];
    if (
      before &&
      !isDeleted &&
      fields.every(({ field: { name } }) => value(before, name) === value(row, name))
    )
      return;
    this.units.beforeCommit<Followed>('terms of rows', [{ spec, row, isDeleted, before }], all =>
      this.write(all),
    );
  }

  /** Makes the terms of rows anew, inside the caller's unit. */
  async renew(spec: ResourceSpec, rows: readonly ResourceEntity[]): Promise<void> {
    await this.forget(rows.map(({ id }) => id));
    await this.insert(rows.map(row => ({ spec, row })));
  }

  private async write(followed: readonly Followed[]): Promise<void> {
    // A row that comes back, as custom field definitions do, has terms.
    const isMade = ({ row, before, isDeleted }: Followed) => !before && !isDeleted && row.version === 1;
    const made = new Set(followed.filter(isMade).map(({ row }) => row.id));
    const last = new Map(followed.map(one => [one.row.id, one]));
    await this.forget([...last.keys()].filter(id => !made.has(id)));
    await this.insert([...last.values()].filter(one => !one.isDeleted));
  }

  private async forget(ids: string[]): Promise<void> {
    for (const part of inParts(ids, REMOVED))
      await this.units.sql.change(
        `DELETE FROM search_terms WHERE row_id IN (${placeholders(part.length)})`,
        part,
      );
  }

  private async insert(rows: readonly Pick<Followed, 'spec' | 'row'>[]): Promise<void> {
    let lines: SqlValue[][] = [];
    for (const { spec, row } of rows) {
      if (turnIsOver()) await nextTurn();
      for (const [term, weight] of rowTerms(spec, row)) lines.push([spec.name, term, row.id, weight]);
      if (lines.length < PART) continue;
      await this.store(lines);
      lines = [];
    }
    if (lines.length > 0) await this.store(lines);
  }

  private async store(lines: SqlValue[][]): Promise<void> {
    // In the order of the key, so that two who write do not wait for each other, and pages are found once.
    const sorted = lines.toSorted((a, b) => compare(a, b, 0) || compare(a, b, 1) || compare(a, b, 2));
    const text = `INSERT INTO search_terms (resource, term, row_id, weight) VALUES ${lines.map(() => '(?, ?, ?, ?)').join(', ')}`;
    await this.units.sql.change(text, sorted.flat());
  }
}

function compare(a: SqlValue[], b: SqlValue[], at: number): number {
  const [one, other] = [String(a[at]), String(b[at])];
  return one < other ? -1 : one > other ? 1 : 0;
}
