import { Injectable, type OnModuleInit } from '@nestjs/common';
import { inParts, placeholders, type SqlValue } from '../../core/database/sql.js';
import { Units } from '../../core/database/units.js';
import { clientColumn, type ResourceEntity, type ResourceSpec } from '../../core/resource/resource.js';
import { ResourceRegistry } from '../../core/resource/resource-registry.js';
import type { RowFollower } from '../../core/resource/row-follower.js';
import { Rows } from '../../core/table/rows.js';
import { nextTurn, turnIsOver } from '../../core/workers/turns.js';
import { entryTokens } from './entry-terms.js';
import { NamedClients } from './named-clients.service.js';
import { RecallEntry } from './recall-entry.entity.js';
import { SOURCES } from './sources.js';

interface Followed {
  spec: ResourceSpec;
  row: ResourceEntity;
  isDeleted: boolean;
}

const BY_TYPE = new Map(SOURCES.map(one => [one.type, one]));
/** Rows of one statement: their tokens are long. */
const PART = 100;

/** Keeps the index of recall beside the rows that it finds: all that a unit has changed, as the last of it. */
@Injectable()
export class RecallEntries implements RowFollower, OnModuleInit {
  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly clients: NamedClients,
    private readonly registry: ResourceRegistry,
  ) {}

  onModuleInit(): void {
    this.registry.followers.add(this);
  }

  follow(spec: ResourceSpec, row: ResourceEntity, isDeleted: boolean): void {
    if (spec.name === 'client') this.units.afterCommit(() => this.clients.forget());
    if (BY_TYPE.has(spec.type as never))
      this.units.beforeCommit<Followed>('index of recall', [{ spec, row, isDeleted }], all =>
        this.write(all),
      );
  }

  /** Makes the entries of rows anew, inside the caller's unit. */
  renew(spec: ResourceSpec, rows: readonly ResourceEntity[]): Promise<void> {
    return this.write(
      rows.map(row => ({ spec, row, isDeleted: false })),
      () => true,
    );
  }

  /** @param mayHave whether a row may have an entry already */
  private async write(
    followed: readonly Followed[],
    mayHave = ({ row, isDeleted }: Followed) => isDeleted || row.version > 1,
  ): Promise<void> {
    const last = new Map(followed.map(one => [one.row.id, one]));
    for (const part of inParts([...last.values()], PART)) {
      const former = await this.forget(part.filter(mayHave).map(({ row }) => row.id));
      const made: { entry: Partial<RecallEntry>; tokens: string[] }[] = [];
      for (const one of part.filter(({ isDeleted }) => !isDeleted)) {
        if (turnIsOver()) await nextTurn();
        made.push(entryOf(one, former.get(one.row.id)));
      }
      if (made.length > 0) await this.insert(made);
    }
  }

  /** Removes the entries of rows; answers with since when those that were superseded had been so. */
  private async forget(ids: string[]): Promise<Map<string, string | null>> {
    if (ids.length === 0) return new Map();
    const former = await this.rows.find(RecallEntry, { row_id: ids, superseded: true });
    const { sql } = this.units;
    const key = sql.dialect === 'sqlite' ? 'rowid' : 'n';
    const those = `SELECT n FROM recall_entries WHERE row_id IN (${placeholders(ids.length)})`;
    await sql.change(`DELETE FROM recall_index WHERE ${key} IN (${those})`, ids);
    await this.rows.remove(RecallEntry, { row_id: ids });
    return new Map(former.map(({ row_id, superseded_at }) => [row_id, superseded_at]));
  }

  private async insert(made: { entry: Partial<RecallEntry>; tokens: string[] }[]): Promise<void> {
    const { sql } = this.units;
    await this.rows.insert(RecallEntry, ...made.map(({ entry }) => entry));
    const ids = made.map(({ entry }) => entry.row_id as string);
    const text = `SELECT n, row_id FROM recall_entries WHERE row_id IN (${placeholders(ids.length)})`;
    const numbers = new Map(
      (await sql.select<{ n: number; row_id: string }>(text, ids)).map(({ n, row_id }) => [row_id, n]),
    );
    const values = made.flatMap(({ entry, tokens }): SqlValue[] => [
      numbers.get(entry.row_id as string) ?? null,
      tokens.join(' '),
    ]);
    const key = sql.dialect === 'sqlite' ? 'rowid' : 'n';
    await sql.change(
      `INSERT INTO recall_index (${key}, terms) VALUES ${made.map(() => '(?, ?)').join(', ')}`,
      values,
    );
  }
}

/** @param former since when the row has been superseded, where it was so before */
function entryOf(
  { spec, row }: Followed,
  former: string | null | undefined,
): { entry: Partial<RecallEntry>; tokens: string[] } {
  const source = BY_TYPE.get(spec.type as never);
  if (!source) throw new Error(`${spec.label} is no source of recall`);
  const said = source.saidBy(row);
  const tokens = entryTokens(said);
  const own = row as unknown as Record<string, string | null | undefined>;
  const client = clientColumn(spec);
  return {
    tokens,
    entry: {
      row_id: row.id,
      kind: spec.name,
      client_id: (client && own[client]) ?? null,
      project_id: own.project_id ?? null,
      user_id: (spec.owner && own[spec.owner]) ?? null,
      at: said.at,
      session_key: said.session_key ?? null,
      sequence: said.sequence ?? null,
      length: tokens.length,
      importance: said.importance ?? 5,
      speech: said.speech ?? 'statement',
      since: said.since ?? said.at,
      superseded: said.superseded ?? false,
      superseded_at: said.superseded ? (former ?? row.updated_at) : null,
      supersedes: said.supersedes ?? null,
      superseded_by: said.superseded_by ?? null,
      expires_at: said.expires_at ?? null,
    },
  };
}
