import { Injectable } from '@nestjs/common';
import { type FieldFault, ValidationError } from '../context/errors.js';
import { inParts, placeholders } from '../database/sql.js';
import { Units } from '../database/units.js';
import type { CustomColumn } from '../resource/custom/custom-column.js';
import {
  CustomFields,
  type CustomValues,
  customValuesOf,
  type WrittenRow,
} from '../resource/custom/custom-fields.js';
import type { ResourceEntity, ResourceSpec } from '../resource/resource.js';
import { Rows } from '../table/rows.js';
import { CustomFieldValue } from './custom-value.entity.js';
import { type CustomField, Definitions } from './definitions.js';
import { columnOf, indexedAs } from './kinds.js';

type Values = Record<string, unknown>;

/** The bytes that all custom values of a row may have, as JSON. */
const MOST_BYTES = 65_535;
/** So many unknown keys are named. */
const MOST_NAMED = 20;

const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** The custom values of rows: checked by their definitions, and kept in the index beside the row. */
@Injectable()
export class RowValues extends CustomFields {
  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly definitions: Definitions,
  ) {
    super();
  }

  override async complete(
    spec: ResourceSpec,
    row: ResourceEntity,
    before: ResourceEntity | undefined,
    given: CustomValues | undefined,
  ): Promise<void> {
    if (before && given === undefined) return;
    const fields = await this.definitions.of(spec, given !== undefined);
    const stored = customValuesOf(before);
    const asked = given ?? Object.fromEntries(Object.keys(stored).map(key => [key, null]));
    const values = { ...stored };
    const faults: FieldFault[] = [];
    for (const [key, value] of Object.entries(asked)) {
      if (value === undefined || (before && same(value, stored[key]))) continue;
      const field = fields.get(key);
      if (field && !field.isRemoved) faults.push(...(await put(values, field, value)));
      else if (value === null && key in stored) values[key] = null;
      else faults.push(unknown(spec, key, fields));
    }
    if (!before) faults.push(...withDefaults(values, asked, fields));
    if (faults.length > 0) throw new ValidationError(faults.slice(0, MOST_NAMED));
    const left = Object.entries(values).filter(([, value]) => value !== null);
    const custom_fields = left.length > 0 ? Object.fromEntries(left) : null;
    if (custom_fields && Buffer.byteLength(JSON.stringify(custom_fields)) > MOST_BYTES)
      throw ValidationError.of('custom_fields', `must have at most ${MOST_BYTES} bytes as JSON`, 'maxBytes');
    Object.assign(row, { custom_fields });
  }

  override async index(spec: ResourceSpec, written: WrittenRow[]): Promise<void> {
    const concerned = written.filter(({ row, before }) => changedKeys(row, before).length > 0);
    if (concerned.length === 0) return;
    const fields = await this.definitions.of(spec, true);
    const entries: CustomFieldValue[] = [];
    for (const { row, before } of concerned) {
      const values = customValuesOf(row);
      const known = changedKeys(row, before).flatMap(key => fields.get(key) ?? []);
      if (before) await this.removeOf(row.id, known);
      for (const { key, field, definition } of known)
        if (values[key] !== undefined)
          entries.push({ definition_id: definition.id, row_id: row.id, ...indexedAs(field, values[key]) });
    }
    await this.rows.insert(CustomFieldValue, ...entries);
  }

  override async columns(spec: ResourceSpec): Promise<Map<string, CustomColumn>> {
    const fields = [...(await this.definitions.of(spec)).values()].filter(one => !one.isRemoved);
    return new Map(
      fields.map(({ key, field, definition }) => [
        key,
        { key, definition_id: definition.id, column: columnOf(field), field },
      ]),
    );
  }

  override async forget(ids: string[]): Promise<void> {
    for (const part of inParts(ids)) await this.rows.remove(CustomFieldValue, { row_id: part });
  }

  private async removeOf(row_id: string, fields: CustomField[]): Promise<void> {
    const ids = fields.map(one => one.definition.id);
    const text = `DELETE FROM custom_field_values WHERE row_id = ? AND definition_id IN (${placeholders(ids.length)})`;
    if (ids.length > 0) await this.units.sql.change(text, [row_id, ...ids]);
  }
}

function changedKeys(row: object, before: object | undefined): string[] {
  const [from, to] = [customValuesOf(before), customValuesOf(row)];
  if (from === to) return [];
  return [...new Set([...Object.keys(from), ...Object.keys(to)])].filter(key => !same(from[key], to[key]));
}

/** Puts a checked value into the map; what is wrong with it otherwise. */
async function put(values: Values, field: CustomField, value: unknown): Promise<FieldFault[]> {
  try {
    values[field.key] = await field.checked(value);
    return [];
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    return error.details.errors ?? [];
  }
}

/** What a new row gets that its body does not name, and what it lacks. */
function withDefaults(values: Values, asked: Values, fields: Map<string, CustomField>): FieldFault[] {
  const faults: FieldFault[] = [];
  for (const { key, isRemoved, field, definition } of fields.values()) {
    if (isRemoved || asked[key] !== undefined) continue;
    if (definition.default !== null) values[key] = definition.default;
    else if (definition.is_required)
      faults.push({ field: field.name, message: 'is required', rule: 'required' });
  }
  return faults;
}

function unknown(spec: ResourceSpec, key: string, fields: Map<string, CustomField>): FieldFault {
  const known = [...fields.values()].filter(one => !one.isRemoved).map(one => one.key);
  const has =
    known.length > 0
      ? `there are ${known.join(', ')}`
      : 'none is defined: POST /api/custom-field-definitions';
  return {
    field: `custom_fields.${key.slice(0, 100)}`,
    message: `is not a custom field of ${spec.path}; ${has}`,
    rule: 'unknown',
  };
}
