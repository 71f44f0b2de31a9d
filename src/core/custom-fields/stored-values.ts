import { Injectable } from '@nestjs/common';
import { Units } from '../database/units.js';
import { customValuesOf } from '../resource/custom/custom-fields.js';
import { type AnyResourceService, ResourceRegistry } from '../resource/resource-registry.js';
import { Rows } from '../table/rows.js';
import { nextTurn, turnIsOver } from '../workers/turns.js';
import { converted } from './conversion.js';
import { CustomFieldValue } from './custom-value.entity.js';
import type { CustomFieldDefinition } from './definition.entity.js';
import { CustomField } from './definitions.js';
import { indexedAs } from './kinds.js';

/** Rows that are read or changed at once. */
const PART = 500;

/** The values that rows have of one definition, all together. */
@Injectable()
export class StoredValues {
  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
    private readonly registry: ResourceRegistry,
  ) {}

  /** How many rows have a value, or one of these. */
  async count({ id }: CustomFieldDefinition, values?: string[]): Promise<number> {
    const among = values ? ` AND text_value IN (${values.map(() => '?').join(', ')})` : '';
    const text = `SELECT COUNT(*) AS n FROM custom_field_values WHERE definition_id = ?${among}`;
    const [found] = await this.units.sql.select<{ n: number }>(text, [id, ...(values ?? [])]);
    return Number(found?.n ?? 0);
  }

  /** How many values of a definition are none of what it shall become. */
  async misfits(before: CustomFieldDefinition, after: CustomFieldDefinition): Promise<number> {
    const field = new CustomField(after);
    let count = 0;
    for await (const ids of this.parts(before))
      for (const value of (await this.valuesOf(before, ids)).values())
        if ((await converted(field, value)) === undefined) count++;
    return count;
  }

  /** Gives the values the key and the kind that their definition has now; it had others before. */
  async convert(before: CustomFieldDefinition, after: CustomFieldDefinition): Promise<void> {
    const field = new CustomField(after);
    for await (const ids of this.parts(before)) {
      const values = new Map<unknown, unknown>();
      for (const value of (await this.valuesOf(before, ids)).values())
        values.set(JSON.stringify(value), await converted(field, value));
      const inNew = (value: unknown) => values.get(JSON.stringify(value));
      await this.serviceOf(before).changeCustom(ids, ({ [before.key]: value, ...others }) => ({
        ...others,
        [after.key]: inNew(value),
      }));
      const entries = [...(await this.valuesOf(after, ids))].map(([row_id, value]) => ({
        definition_id: after.id,
        row_id,
        ...indexedAs(field.field, value),
      }));
      await this.rows.remove(CustomFieldValue, { definition_id: after.id, row_id: ids });
      await this.rows.insert(CustomFieldValue, ...entries);
    }
  }

  /** Clears some of the values, in rows and index; false when there is none any more. */
  async clearSome(definition: CustomFieldDefinition): Promise<boolean> {
    const ids = await this.part(definition, '');
    if (ids.length === 0) return false;
    await this.serviceOf(definition).changeCustom(ids, ({ [definition.key]: _gone, ...others }) => others);
    await this.rows.remove(CustomFieldValue, { definition_id: definition.id, row_id: ids });
    return true;
  }

  private serviceOf({ resource }: CustomFieldDefinition): AnyResourceService {
    const service = this.registry.byPath(resource);
    if (!service) throw new Error(`${resource} have no service`);
    return service;
  }

  /** The values of rows, by their ids. */
  private async valuesOf(definition: CustomFieldDefinition, ids: string[]): Promise<Map<string, unknown>> {
    const { spec } = this.serviceOf(definition);
    const rows = (await this.rows.find(spec.type, { id: ids } as never)) as { id: string }[];
    return new Map(rows.map(row => [row.id, customValuesOf(row)[definition.key]]));
  }

  private async *parts(definition: CustomFieldDefinition): AsyncGenerator<string[], void, undefined> {
    for (let last = ''; ;) {
      if (turnIsOver()) await nextTurn();
      const ids = await this.part(definition, last);
      if (ids.length > 0) yield ids;
      if (ids.length < PART) return;
      last = ids.at(-1) ?? '';
    }
  }

  private async part({ id }: CustomFieldDefinition, last: string): Promise<string[]> {
    const text = `SELECT row_id FROM custom_field_values WHERE definition_id = ? AND row_id > ? ORDER BY row_id LIMIT ${PART}`;
    return (await this.units.sql.select<{ row_id: string }>(text, [id, last])).map(one => one.row_id);
  }
}
