import { Injectable } from '@nestjs/common';
import { inParts, placeholders } from '../../core/database/sql.js';
import { Units } from '../../core/database/units.js';
import { columnName } from '../../core/database/sql.js';
import { encode } from '../../core/table/codec.js';
import { storedOf } from '../../core/table/stored.js';
import { Rows } from '../../core/table/rows.js';
import type { Type } from '../../core/table/field-spec.js';
import { ResourceRegistry } from '../../core/resource/resource-registry.js';
import type { FilePart } from './check-folder.js';
import { folderFault } from './folder-fault.js';
import type { Manifest } from './folder-format.js';
import { readRows, verifiedBytes } from './read-folder.js';
import type { RowIndex } from './row-index.js';
import { type Row, RowRules } from './row-rules.js';

/** Of one unit: rows, and characters of what they hold. */
const MOST_ROWS = 500;
const MOST_CHARACTERS = 4_000_000;

interface Brought {
  row: Row;
  tags: string[];
}

export interface Loading {
  folder: string;
  manifest: Manifest;
  index: RowIndex;
  /** Whether rows may be there already, from an import that was cut off. */
  goesOn: boolean;
  told: (rows: number) => void;
}

/** Stores the rows of a folder that was checked, some hundred in a unit, each with its entry. */
@Injectable()
export class FolderLoader {
  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly registry: ResourceRegistry,
  ) {}

  async load(parts: readonly FilePart[], loading: Loading): Promise<void> {
    for (const one of parts) {
      // What was changed since it was checked is found before a row of it is stored.
      for await (const _bytes of verifiedBytes(loading.folder, one.said));
      for await (const brought of this.batches(one, loading)) {
        const fresh = loading.goesOn ? await this.missing(one, brought) : brought;
        if (fresh.length > 0) await this.units.run(() => this.store(one, fresh));
        loading.told(brought.length);
      }
    }
    for (const one of parts)
      if (one.later.length > 0)
        for await (const brought of this.batches(one, loading))
          await this.units.run(() => this.refer(one, brought));
  }

  /** What is read anew each time: what a unit that runs again has changed in rows is not in them. */
  private async store({ part, later }: FilePart, brought: Brought[]): Promise<void> {
    const fresh = brought.map(({ row, tags }) => ({ row: { ...row }, tags }));
    const service = part.resource && this.registry.of(part.resource.type);
    if (service) await service.adopt(fresh, later);
    else await this.rows.insert(part.stored.type as Type<Row>, ...fresh.map(one => one.row));
  }

  private async refer({ part, later }: FilePart, brought: Brought[]): Promise<void> {
    for (const { row } of brought) {
      const set = later.flatMap(name => part.stored.byName.get(name) ?? []).filter(one => row[one.name] !== null); // prettier-ignore
      if (set.length === 0) continue;
      const text = set.map(one => `${columnName(one.name)} = ?`).join(', ');
      const values = set.map(one => encode(one, row[one.name]));
      await this.units.sql.change(`UPDATE ${part.stored.table} SET ${text} WHERE id = ?`, [
        ...values,
        row.id,
      ]);
    }
  }

  private async missing({ part }: FilePart, brought: Brought[]): Promise<Brought[]> {
    const there = new Set<string>();
    for (const some of inParts(brought.map(one => one.row.id))) {
      const text = `SELECT id FROM ${part.stored.table} WHERE id IN (${placeholders(some.length)})`;
      for (const { id } of await this.units.sql.select<{ id: string }>(text, some)) there.add(id);
    }
    return brought.filter(one => !there.has(one.row.id));
  }

  private async *batches({ part, said }: FilePart, loading: Loading): AsyncGenerator<Brought[]> {
    const { folder, manifest, index } = loading;
    const rules = new RowRules(part);
    let brought: Brought[] = [];
    let characters = 0;
    for await (const { value } of readRows(folder, part, said, manifest.file_format)) {
      const read = value && rules.read(value);
      if (!read || 'faults' in read) throw folderFault(said.file, 'was changed while it was imported');
      for (const { name, reference, nullable } of part.fields)
        if (
          reference &&
          nullable &&
          index.isMissing(storedOf(reference.target()).table, String(read.row[name]))
        )
          read.row[name] = null;
      brought.push(read);
      characters += lengthOf(read.row);
      if (brought.length < MOST_ROWS && characters < MOST_CHARACTERS) continue;
      yield brought;
      [brought, characters] = [[], 0];
    }
    if (brought.length > 0) yield brought;
  }
}

const lengthOf = (row: Row): number =>
  Object.values(row).reduce<number>((sum, one) => sum + (typeof one === 'string' ? one.length : 50), 0);
