import { Injectable } from '@nestjs/common';
import { columnName, inParts, MOST_LISTED, placeholders, Row, SqlValue } from '../database/sql.js';
import { Units } from '../database/units.js';
import { allOf, type Clause } from './clause.js';
import { conflictOf } from './conflicts.js';
import { decoderOf, encode } from './codec.js';
import type { FieldSpec, Type } from './field-spec.js';
import { keyValue } from './unique-key.js';
import { StoredSpec, storedOf } from './stored.js';

/** The most values of one INSERT. */
const MOST_VALUES = 30_000;

/** Fields and the values that they have, or one of which they have. */
export type Where<T> = { [K in keyof T]?: T[K] | readonly T[K][] };

/** Rows of declared tables: statements made from the fields, values encoded and decoded in one place. */
@Injectable()
export class Rows {
  private readonly decoders = new Map<StoredSpec, (rows: Row[]) => unknown[]>();
  constructor(private readonly units: Units) {}

  /** Inserts rows; a violated uniqueness is a ConflictError that names the field. */
  async insert<T extends object>(type: Type<T>, ...rows: Partial<T>[]): Promise<void> {
    const spec = storedOf(type);
    if (rows.length === 0) return;
    const fields = spec.fields.filter(one => !one.generated);
    const line = `(${placeholders(fields.length)})`;
    const names = fields.map(one => columnName(one.name)).join(', ');
    for (const part of inParts(rows, Math.floor(MOST_VALUES / fields.length))) {
      const text = `INSERT INTO ${spec.table} (${names}) VALUES ${part.map(() => line).join(', ')}`;
      const values = part.flatMap(row => fields.map(one => encode(one, valueOf(one, row))));
      await this.guarded(spec, () => this.units.sql.change(text, values));
    }
  }

  /** Changes the rows that match; returns how many there were. */
  async update<T extends object>(type: Type<T>, where: Where<T>, changes: Partial<T>): Promise<number> {
    const spec = storedOf(type);
    const fields = spec.fields.filter(one => valueOf(one, changes) !== undefined);
    const set = fields.map(one => `${columnName(one.name)} = ?`).join(', ');
    const values = fields.map(one => encode(one, valueOf(one, changes)));
    return this.changeAll(spec, where, `UPDATE ${spec.table} SET ${set}`, values);
  }

  /** Deletes the rows that match; returns how many there were. */
  async remove<T extends object>(type: Type<T>, where: Where<T>): Promise<number> {
    const spec = storedOf(type);
    return this.changeAll(spec, where, `DELETE FROM ${spec.table}`, []);
  }

  /** The rows that match, in the order given (`created_at DESC`), at most `limit`; a list of any length without these. */
  async find<T extends object>(
    type: Type<T>,
    where: Where<T>,
    { order = '', limit }: { order?: string; limit?: number } = {},
  ): Promise<T[]> {
    const spec = storedOf(type);
    const tail = `${order && ` ORDER BY ${order}`}${limit === undefined ? '' : ` LIMIT ${limit}`}`;
    const columns = spec.fields.map(one => columnName(one.name)).join(', ');
    const parts = tail === '' ? partsOf(where) : [where];
    const found: T[][] = [];
    for (const part of parts) {
      const { sql, values } = this.condition(spec, part);
      const text = `SELECT ${columns} FROM ${spec.table} WHERE ${sql}${tail}`;
      found.push(this.decode<T>(spec, await this.units.sql.select(text, values)));
    }
    return found.flat();
  }

  async findOne<T extends object>(type: Type<T>, where: Where<T>): Promise<T | undefined> {
    return (await this.find(type, where, { limit: 1 }))[0];
  }

  /** Rows of all columns, as the driver gives them → typed rows. */
  decode<T>(spec: StoredSpec, rows: Row[]): T[] {
    let decoder = this.decoders.get(spec);
    if (!decoder) this.decoders.set(spec, (decoder = decoderOf(spec.fields)));
    return decoder(rows) as T[];
  }

  /** The condition that the fields have these values; none at all is true. */
  condition(spec: StoredSpec, where: object): Clause {
    const parts = Object.entries(where).map(([known, value]): Clause => {
      const field = spec.byName.get(known);
      if (!field) throw new Error(`${spec.table} has no field ${known}`);
      const name = columnName(known);
      if (value === null) return { sql: `${name} IS NULL`, values: [] };
      if (!Array.isArray(value)) return { sql: `${name} = ?`, values: [encode(field, value)] };
      if (value.length === 0) return { sql: '1 = 0', values: [] };
      return {
        sql: `${name} IN (${placeholders(value.length)})`,
        values: value.map(one => encode(field, one)),
      };
    });
    return allOf(parts);
  }

  private async changeAll(
    spec: StoredSpec,
    where: object,
    text: string,
    given: readonly SqlValue[],
  ): Promise<number> {
    let count = 0;
    for (const part of partsOf(where)) {
      const { sql, values } = this.condition(spec, part);
      const change = () => this.units.sql.change(`${text} WHERE ${sql}`, [...given, ...values]);
      count += await this.guarded(spec, change);
    }
    return count;
  }

  private async guarded<R>(spec: StoredSpec, work: () => Promise<R>): Promise<R> {
    try {
      return await work();
    } catch (error) {
      throw conflictOf(error, spec);
    }
  }
}

/** A condition whose longest list is more than a statement takes, as conditions that each match other rows. */
function partsOf(where: object): object[] {
  const long = Object.entries(where).find(([, value]) => Array.isArray(value) && value.length > MOST_LISTED);
  if (!long) return [where];
  const [name, list] = long as [string, unknown[]];
  return inParts([...new Set(list)]).flatMap(part => partsOf({ ...where, [name]: part }));
}

function valueOf(field: FieldSpec, row: object): unknown {
  return field.keyOf ? keyValue(field.keyOf, row as Row) : (row as Row)[field.name];
}
