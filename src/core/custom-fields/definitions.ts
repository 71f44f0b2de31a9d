import { Injectable } from '@nestjs/common';
import { forShare } from '../database/locks.js';
import { columnName } from '../database/sql.js';
import { Units } from '../database/units.js';
import { addField } from '../resource/bodies/bodies.js';
import type { ResourceSpec } from '../resource/resource.js';
import { canonical } from '../table/codec.js';
import type { FieldSpec, Type } from '../table/field-spec.js';
import { Rows } from '../table/rows.js';
import { storedOf } from '../table/stored.js';
import { validateBody } from '../http/pipes/body.pipe.js';
import { CustomFieldDefinition } from './definition.entity.js';
import { fieldOf } from './kinds.js';
import { refuseSecret } from './secrets.js';

/** A definition as a field of the kit. */
export class CustomField {
  readonly field: FieldSpec;
  private readonly body: Type;

  constructor(readonly definition: CustomFieldDefinition) {
    const { key, kind, choices, is_required } = definition;
    this.field = fieldOf(`custom_fields.${key}`, kind, choices, { optional: !is_required });
    this.body = class {};
    addField(this.body, this.field, false);
  }

  get key(): string {
    return this.definition.key;
  }

  /** Removed, with its values kept: nobody writes another one. */
  get isRemoved(): boolean {
    return this.definition.removed_at !== null;
  }

  /** A given value as it is stored; a ValidationError that names `custom_fields.<key>` otherwise. */
  async checked(value: unknown): Promise<unknown> {
    const { name } = this.field;
    const body = (await validateBody(this.body, { [name]: value })) as Record<string, unknown>;
    refuseSecret(name, body[name]);
    return canonical(this.field, body[name]);
  }
}

const TABLE = 'custom_field_definitions';

/** The definitions of each resource, asked for anew in every unit: another server may have changed them. */
@Injectable()
export class Definitions {
  /** What was made of a version of a definition. */
  private readonly made = new Map<string, CustomField>();

  constructor(
    private readonly units: Units,
    private readonly rows: Rows,
  ) {}

  /**
   * By key, those of rows with kept values too.
   *
   * @param lock nobody changes them until the unit ends
   */
  async of(spec: ResourceSpec, lock = false): Promise<Map<string, CustomField>> {
    const read = () => this.read(spec.path, lock ? forShare(this.units.sql.dialect) : '');
    const asked = `${spec.path}${lock ? ' locked' : ''}`;
    return (await this.units.remembered(TABLE, asked, read)) ?? new Map();
  }

  private async read(resource: string, tail: string): Promise<Map<string, CustomField>> {
    const spec = storedOf(CustomFieldDefinition);
    const columns = spec.fields.map(one => columnName(one.name)).join(', ');
    const text = `SELECT ${columns} FROM ${TABLE} WHERE resource = ? ORDER BY position, id${tail}`;
    const rows = await this.units.sql.select(text, [resource]);
    const found = this.rows.decode<CustomFieldDefinition>(spec, rows);
    return new Map(found.map(one => [one.key, this.fieldOf(one)]));
  }

  private fieldOf(definition: CustomFieldDefinition): CustomField {
    const known = this.made.get(definition.id);
    if (known?.definition.version === definition.version) return known;
    const made = new CustomField(definition);
    this.made.set(definition.id, made);
    return made;
  }
}
