import { inParts, placeholders, type Sql } from '../../core/database/sql.js';
import { clientColumn } from '../../core/resource/resource.js';
import type { FieldSpec } from '../../core/table/field-spec.js';
import { storedOf } from '../../core/table/stored.js';
import { keyValue } from '../../core/table/unique-key.js';
import { folderFault, RowFaults } from './folder-fault.js';
import type { FolderFile, Manifest } from './folder-format.js';
import type { Placed } from './folder-order.js';
import type { Part } from './folder-parts.js';
import { readRows } from './read-folder.js';
import { type Place, RowIndex } from './row-index.js';
import { type Row, RowRules } from './row-rules.js';

/** A file of a folder with what its rows are, at its place in the order of references. */
export interface FilePart extends Placed {
  said: FolderFile;
}

export interface CheckedFolder {
  index: RowIndex;
  /** References that are cleared, since what they name is neither in the folder nor in the installation. */
  cleared: number;
}

/** Fields that are unique: alone, together, and as people read them where nobody may repeat them. */
function uniquesOf({ stored, fields }: Part): { name: string; of: (row: Row) => unknown[] }[] {
  const shown = new Set(fields.map(one => one.name));
  const single = fields.filter(one => one.unique).map(one => [one.name]);
  const together = [...single, ...stored.unique.filter(names => names.every(one => shown.has(one)))];
  const keys = stored.fields.flatMap(one => (one.keyOf && isForAll(stored.byName.get(one.keyOf.field)) ? [one.keyOf] : [])); // prettier-ignore
  return [
    ...together.map(names => ({ name: names.join(', '), of: (row: Row) => names.map(one => row[one]) })),
    ...keys.map(key => ({ name: key.field, of: (row: Row) => [keyValue(key, row) ?? null] })),
  ];
}

const isForAll = (field: FieldSpec | undefined) =>
  field?.uniqueWithin?.length === 0 && field.unseenMayRepeat !== true;

/** The client that a row belongs to, as far as references are compared by it. */
function clientOf({ resource }: Part, row: Row): string | null {
  const column = resource && clientColumn(resource);
  return column ? ((row[column] as string | null) ?? null) : null;
}

/**
 * Reads all of a folder before anything is written: its files are those of the manifest, their rows keep the rules of
 * their fields, nothing is there twice, and what they refer to is there, and of the same client.
 *
 * @throws ValidationError with the first faults, and how many there are
 */
export async function checkFolder(
  folder: string,
  manifest: Manifest,
  parts: readonly FilePart[],
  sql: Sql,
  told: (rows: number) => void,
): Promise<CheckedFolder> {
  const index = new RowIndex();
  try {
    const faults = new RowFaults();
    for (const one of parts) await checkFile(folder, manifest, one, { index, faults, told });
    const cleared = await checkReferences(index, faults, manifest, sql);
    faults.refuse();
    return { index, cleared };
  } catch (error) {
    index.close();
    throw error;
  }
}

async function checkFile(
  folder: string,
  manifest: Manifest,
  { part, said }: FilePart,
  { index, faults, told }: { index: RowIndex; faults: RowFaults; told: (rows: number) => void },
): Promise<void> {
  const rules = new RowRules(part);
  const uniques = uniquesOf(part);
  let rows = 0;
  for await (const { row, value } of readRows(folder, part, said, manifest.file_format)) {
    rows++;
    told(1);
    if (!value) {
      faults.add(said.file, row, 'is no row of this file', 'format');
      continue;
    }
    const read = rules.read(value);
    if ('faults' in read) {
      for (const { field, message, rule } of read.faults) faults.add(said.file, row, message, rule, field);
      continue;
    }
    const made = read.row;
    const client_id = clientOf(part, made);
    if (!index.add(part.stored.table, made.id, client_id))
      faults.add(said.file, row, 'has an id that another row has', 'unique', 'id');
    for (const { name, of } of uniques) {
      const values = of(made);
      if (values.every(one => one !== null) && !index.addUnique(part.name, name, values))
        faults.add(said.file, row, 'is what another row has', 'unique', name);
    }
    for (const { name, reference, nullable } of part.fields) {
      const id = made[name];
      if (!reference || typeof id !== 'string') continue;
      const target = { part: storedOf(reference.target()).table, id };
      const at = { file: said.file, row, field: name, is_required: nullable ? 0 : 1 };
      index.refer(target, client_id, at);
    }
  }
  if (rows !== said.rows) throw folderFault(said.file, 'is damaged: it has another number of rows');
}

/** @returns how many references are cleared */
async function checkReferences(
  index: RowIndex,
  faults: RowFaults,
  { is_partial }: Manifest,
  sql: Sql,
): Promise<number> {
  for (const { file, row, field } of [...index.strangers()])
    faults.add(file, row, 'refers to a row of another client', 'reference', field);
  let cleared = 0;
  const unknown = [...index.unknown()];
  const there = await presentOnes(sql, unknown);
  for (const place of unknown) {
    if (there.has(`${place.part} ${place.id}`)) continue;
    if (is_partial && place.is_required === 0) {
      index.miss([place]);
      cleared++;
    } else faults.add(place.file, place.row, 'refers to a row that is nowhere', 'reference', place.field);
  }
  return cleared;
}

/** Which of these rows the installation has. */
async function presentOnes(sql: Sql, places: Place[]): Promise<Set<string>> {
  const byPart = new Map<string, Set<string>>();
  for (const { part, id } of places) byPart.set(part, (byPart.get(part) ?? new Set()).add(id));
  const there = new Set<string>();
  for (const [table, ids] of byPart)
    for (const part of inParts([...ids])) {
      const text = `SELECT id FROM ${table} WHERE id IN (${placeholders(part.length)})`;
      for (const { id } of await sql.select<{ id: string }>(text, part)) there.add(`${table} ${id}`);
    }
  return there;
}
