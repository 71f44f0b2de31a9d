import type { FieldFault } from '../../context/errors.js';
import { rowFaults } from '../../http/server/json-limits.js';
import type { FieldSpec } from '../../table/field-spec.js';
import { isRequired } from '../../table/field-spec.js';
import type { CustomColumn } from '../custom/custom-column.js';
import { type NameColumn, nameColumns } from '../export/export-names.js';
import type { ResourceSpec } from '../resource.js';
import type { ResourceRegistry } from '../resource-registry.js';
import { cellText, cellValue, listIn } from './cells.js';

type Values = Record<string, unknown>;

/** What stands under a name in a file: a column of CSV, or a member of an object. */
type Part =
  | { kind: 'value'; field: FieldSpec }
  | { kind: 'echo'; field: FieldSpec }
  | { kind: 'name'; of: NameColumn }
  | { kind: 'custom'; of: CustomColumn }
  | { kind: 'tags' }
  | { kind: 'derived' };

/** A row of a file, taken apart. */
export interface RowParts {
  /** Fields that may be written; empty cells are absent. */
  body: Values;
  /** What the server sets: an update may repeat it. */
  echo: Values;
  /** Names that stand in the place of ids, by the field of the reference. */
  names: Map<NameColumn, string>;
  faults: FieldFault[];
}

const UNKNOWN = 'is not a column of an import';
/** So many faults of a row are told. */
const MOST_FAULTS = 20;
const CUSTOM = 'cf.';

/** What the files of a resource may have in them: what an export writes, and the secrets that a body may bring. */
export class RowShape {
  private readonly parts = new Map<string, Part>();
  private readonly written: FieldSpec[];

  /** @param customs the custom fields of the resource, by key */
  constructor(
    readonly spec: ResourceSpec,
    registry: ResourceRegistry,
    private readonly customs: ReadonlyMap<string, CustomColumn>,
  ) {
    const fields = [...spec.fields, ...spec.virtual].filter(one => !one.internal);
    this.written = fields.filter(one => !one.readOnly);
    for (const field of this.written) this.parts.set(field.name, { kind: 'value', field });
    for (const field of fields.filter(one => one.readOnly))
      this.parts.set(field.name, spec.byName.has(field.name) ? { kind: 'echo', field } : { kind: 'derived' });
    for (const of of nameColumns(spec, spec.fields.map(one => one.name), registry))
      this.parts.set(of.header, { kind: 'name', of }); // prettier-ignore
    if (spec.taggable) this.parts.set('tags', { kind: 'tags' });
    for (const [key, of] of customs) this.parts.set(`${CUSTOM}${key}`, { kind: 'custom', of });
  }

  /** What is wrong with the names of columns: those that mean nothing here, and those that are missing. */
  faultsOf(columns: readonly string[], mayUpdate: boolean): FieldFault[] {
    const faults = columns.flatMap((name, at) => (this.parts.has(name) ? [] : [this.unknown(name, at + 1)]));
    if (faults.length > 0) return faults.slice(0, MOST_FAULTS);
    if (mayUpdate) return [];
    const missing = this.written.filter(field => isRequired(field) && !this.gives(columns, field.name));
    return missing.map(({ name }) => ({ field: name, message: 'is missing: it is required', rule: 'required' })); // prettier-ignore
  }

  /** By its place where rows have secrets: the first line of a file without names is a row. */
  private unknown(name: string, place: number): FieldFault {
    const field = this.spec.secrets ? `column ${place}` : name.slice(0, 100).toWellFormed();
    return { field, message: `${UNKNOWN} of ${this.spec.path}`, rule: 'unknown' };
  }

  /** Whether a field is among these columns, itself or by a name that stands for it. */
  gives(columns: readonly string[], name: string): boolean {
    return columns.some(column => {
      const part = this.parts.get(column);
      return column === name || (part?.kind === 'name' && part.of.field === name);
    });
  }

  /** Those of these columns that an import of new rows does not write. */
  ignoredOf(columns: readonly string[]): string[] {
    return columns.filter(name => ['echo', 'derived'].includes(this.parts.get(name)?.kind ?? ''));
  }

  ofCells(columns: readonly string[], cells: readonly string[]): RowParts {
    const row = emptyRow();
    const custom: Values = {};
    for (const [at, name] of columns.entries()) {
      const cell = cells[at] ?? '';
      const part = cell === '' ? undefined : this.parts.get(name);
      if (!part || part.kind === 'derived') continue;
      if (part.kind === 'name') row.names.set(part.of, cellText(cell));
      else if (part.kind === 'tags') row.body.tags = listIn(cellText(cell));
      else if (part.kind === 'custom') custom[part.of.key] = cellValue(part.of.field, cell);
      // No export holds a secret, so that no mark stands before one.
      else if (part.field.writeOnly) row.body[name] = cell;
      else (part.kind === 'echo' ? row.echo : row.body)[name] = cellValue(part.field, cell);
    }
    if (cells.length < columns.length || cells.slice(columns.length).some(one => one !== ''))
      row.faults.push({
        field: 'row',
        message: `has ${cells.length} cells, and the first line ${columns.length}`,
        rule: 'columns',
      });
    // Cells may hold JSON.
    const { body, echo } = withCustom(row, custom);
    row.faults.push(...rowFaults(body), ...rowFaults(echo));
    return row;
  }

  ofObject(value: unknown): RowParts {
    const row = emptyRow();
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      row.faults.push({ field: 'row', message: 'is not a JSON object', rule: 'json' });
      return row;
    }
    row.faults.push(...rowFaults(value));
    if (row.faults.length > 0) return row;
    const custom: Values = {};
    for (const [at, [name, given]] of Object.entries(value).entries()) {
      const part = this.parts.get(name);
      if (!part) row.faults.push(this.unknown(name, at + 1));
      else if (part.kind === 'echo') row.echo[name] = given;
      else if (part.kind === 'name') noteName(row, part.of, given);
      else if (part.kind === 'custom') custom[part.of.key] = given;
      else if (part.kind !== 'derived') row.body[name] = given;
    }
    row.faults.splice(MOST_FAULTS);
    return withCustom(row, custom);
  }
}

const emptyRow = (): RowParts => ({ body: {}, echo: {}, names: new Map(), faults: [] });

function noteName(row: RowParts, of: NameColumn, given: unknown): void {
  if (typeof given === 'string' && given !== '') row.names.set(of, given);
  else if (given !== null && given !== '')
    row.faults.push({ field: of.header, message: 'must be a name', rule: 'type' });
}

/** What stands in a column of its own counts before the map beside it. */
function withCustom(row: RowParts, custom: Values): RowParts {
  if (Object.keys(custom).length === 0) return row;
  const map = row.body.custom_fields ?? {};
  if (typeof map === 'object' && !Array.isArray(map)) row.body.custom_fields = { ...map, ...custom };
  return row;
}
