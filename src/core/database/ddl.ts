import type { QueryRunner } from 'typeorm';
import { COLUMN_KINDS } from './column-kinds.js';
import { type ColumnKind, type ColumnShape, columnTypeSql } from './columns.js';
import { columnName, type Dialect } from './sql.js';

/** What becomes of a row when the one that it refers to is deleted. */
export type OnDelete = 'CASCADE' | 'SET NULL' | 'RESTRICT';

/** A column of a migration. Columns are NOT NULL unless `.optional()`. */
export class Column {
  nullable = false;
  isIndexed = false;
  isUnique = false;
  isPrimary = false;
  autoIncrement = false;
  choices?: readonly string[];
  target?: { table: string; onDelete: OnDelete };

  constructor(
    readonly name: string,
    readonly shape: ColumnShape,
  ) {}

  optional(): this {
    return this.with({ nullable: true });
  }
  /** An index over (column, id), which serves a filter and its order. */
  indexed(): this {
    return this.with({ isIndexed: true });
  }
  /** Takes back the index that the kind has by default. */
  plain(): this {
    return this.with({ isIndexed: false });
  }
  unique(): this {
    return this.with({ isUnique: true, isIndexed: false });
  }
  primary(): this {
    return this.with({ isPrimary: true, isIndexed: false });
  }
  numbered(): this {
    return this.with({ isPrimary: true, isIndexed: false, autoIncrement: true });
  }
  with(changes: Partial<Column>): this {
    return Object.assign(this, changes);
  }
}

const column = (kind: ColumnKind, name: string, size: Partial<ColumnShape> = {}) =>
  new Column(name, { kind, ...size });

export const uuid = (name: string) => column('uuid', name);
export const text = (name: string, length = 255) => column('text', name, { length });
export const long = (name: string) => column('long', name);
export const json = (name: string) => column('json', name);
export const flag = (name: string) => column('flag', name).indexed();
export const whole = (name: string) => column('whole', name).indexed();
export const big = (name: string) => column('big', name);
export const decimal = (name: string, precision = 12, scale = 2) =>
  column('decimal', name, { precision, scale }).indexed();
export const moment = (name: string) => column('moment', name).indexed();
export const day = (name: string) => column('day', name).indexed();
/** An enum: text of at most 40 characters with a CHECK. */
export const choice = (name: string, choices: readonly string[]) =>
  column('text', name, { length: 40 }).indexed().with({ choices });
/** A foreign key with its index. */
export const reference = (name: string, table: string, onDelete: OnDelete) =>
  uuid(name).indexed().with({ target: { table, onDelete } });

/** The values of a resource's custom fields. */
export const customFields = () => json('custom_fields').optional();

/** What every resource has: id, version and the two times. */
export function resourceColumns(): Column[] {
  return [uuid('id').primary(), whole('version').plain(), moment('created_at'), moment('updated_at')];
}

export function dialectOfRunner(runner: QueryRunner): Dialect {
  return runner.connection.options.type === 'better-sqlite3' ? 'sqlite' : 'mariadb';
}

/** TypeORM reads the names of keys back from SQLite's own text of the table, and finds quoted ones only. */
function quoted(name: string, dialect: Dialect): string {
  return dialect === 'sqlite' ? `"${name}"` : `\`${name}\``;
}

function columnSql(one: Column, dialect: Dialect): string {
  if (one.autoIncrement)
    return dialect === 'sqlite'
      ? `${quoted(one.name, dialect)} integer PRIMARY KEY AUTOINCREMENT NOT NULL`
      : `${one.name} bigint NOT NULL AUTO_INCREMENT PRIMARY KEY`;
  const check = one.choices
    ? ` CHECK (${one.name} IN (${one.choices.map(value => `'${value}'`).join(', ')}))`
    : '';
  return `${columnName(one.name)} ${columnTypeSql(one.shape, dialect)}${one.nullable ? '' : ' NOT NULL'}${check}`;
}

async function tableSuffix(runner: QueryRunner): Promise<string> {
  if (dialectOfRunner(runner) === 'sqlite') return '';
  const rows = (await runner.query('SELECT VERSION() AS version')) as { version: string }[];
  // Text compares by code point and without padding, as SQLite does.
  const collation = /mariadb/i.test(rows[0]?.version ?? '') ? 'utf8mb4_nopad_bin' : 'utf8mb4_0900_bin';
  return ` ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation}`;
}

interface TableOptions {
  /** Composite primary key; otherwise the column marked primary. */
  primary?: string[];
  unique?: string[][];
  index?: string[][];
  /** SQLite keeps the rows in their primary key alone, as MariaDB always does: for small rows, of which there are very many. */
  isKeyed?: boolean;
}

/** Creates a table with its keys, checks and indexes, named ix_, uq_, fk_<table>_<columns>. */
export async function createTable(
  runner: QueryRunner,
  table: string,
  columns: Column[],
  options: TableOptions = {},
): Promise<void> {
  const dialect = dialectOfRunner(runner);
  const primary =
    options.primary ?? columns.filter(one => one.isPrimary && !one.autoIncrement).map(one => one.name);
  const lines = columns.map(one => columnSql(one, dialect));
  if (primary.length > 0) lines.push(`PRIMARY KEY (${primary.join(', ')})`);
  for (const { name, target } of columns)
    if (target)
      lines.push(
        `CONSTRAINT ${quoted(`fk_${table}_${name}`, dialect)} FOREIGN KEY (${quoted(name, dialect)}) ` +
          `REFERENCES ${quoted(target.table, dialect)} (${quoted('id', dialect)}) ON DELETE ${target.onDelete} ON UPDATE NO ACTION`,
      );
  const hasId = primary.length === 1 && primary[0] === 'id';
  const indexes = columns.filter(one => one.isIndexed);
  const uniques = [...columns.filter(one => one.isUnique).map(one => [one.name]), ...(options.unique ?? [])];
  const suffix = options.isKeyed && dialect === 'sqlite' ? ' WITHOUT ROWID' : await tableSuffix(runner);
  await runner.query(`CREATE TABLE ${table} (\n  ${lines.join(',\n  ')}\n)${suffix}`);
  for (const names of uniques)
    await runner.query(
      `CREATE UNIQUE INDEX ${uniqueName(table, names)} ON ${table} (${names.map(columnName).join(', ')})`,
    );
  for (const one of indexes) await createFilterIndex(runner, table, one, hasId);
  for (const names of options.index ?? []) await createIndex(runner, table, names);
}

/** `<singular>_tags`: which tags the rows of a taggable resource have. */
export async function createTagTable(
  runner: QueryRunner,
  singular: string,
  table = `${singular}s`,
): Promise<void> {
  const row = reference(`${singular}_id`, table, 'CASCADE').plain();
  await createTable(runner, `${singular}_tags`, [row, reference('tag_id', 'tags', 'CASCADE')], {
    primary: [row.name, 'tag_id'],
  });
}

/** MariaDB's names have at most 64 characters; from a longer one the ends of its columns go. */
export function uniqueName(table: string, names: readonly string[]): string {
  const whole = `uq_${table}_${names.join('_')}`;
  const cut = `uq_${table}_${names.map(name => name.slice(0, 12)).join('_')}`;
  return whole.length <= 64 ? whole : cut.slice(0, 64);
}

/** The name leaves out the trailing id, which every filter index has. */
export function indexName(table: string, names: readonly string[]): string {
  const said = names.length > 1 && names.at(-1) === 'id' ? names.slice(0, -1) : names;
  return `ix_${table}_${said.join('_')}`;
}

export async function createIndex(runner: QueryRunner, table: string, names: string[]): Promise<void> {
  await runner.query(`CREATE INDEX ${indexName(table, names)} ON ${table} (${names.join(', ')})`);
}

/** What a column is ordered by, which its index holds. */
function orderOf({ name, shape }: Column, dialect: Dialect): string {
  const { sqliteOrder } = COLUMN_KINDS[shape.kind];
  return dialect === 'sqlite' && sqliteOrder ? sqliteOrder(name) : name;
}

/** The index that serves a column's filter and its order, with the id that breaks ties. */
export async function createFilterIndex(
  runner: QueryRunner,
  table: string,
  one: Column,
  hasId = true,
): Promise<void> {
  const order = orderOf(one, dialectOfRunner(runner));
  const names = hasId ? [order, 'id'] : [order];
  await runner.query(`CREATE INDEX ${indexName(table, [one.name])} ON ${table} (${names.join(', ')})`);
}

/** Drops tables, children first, for a migration's `down`. */
export async function dropTables(runner: QueryRunner, ...tables: string[]): Promise<void> {
  for (const table of tables) await runner.query(`DROP TABLE ${table}`);
}

/** Adds columns that are optional or have a value in every row; references are given to whole tables alone. */
export async function addColumns(runner: QueryRunner, table: string, columns: Column[]): Promise<void> {
  const dialect = dialectOfRunner(runner);
  for (const one of columns) {
    await runner.query(`ALTER TABLE ${table} ADD COLUMN ${columnSql(one, dialect)}`);
    if (one.isIndexed) await createFilterIndex(runner, table, one);
  }
}

/** Takes columns away again, with their indexes, for a migration's `down`. */
export async function dropColumns(runner: QueryRunner, table: string, columns: Column[]): Promise<void> {
  const where = dialectOfRunner(runner) === 'sqlite' ? '' : ` ON ${table}`;
  for (const one of columns) {
    if (one.isIndexed) await runner.query(`DROP INDEX ${indexName(table, [one.name, 'id'])}${where}`);
    await runner.query(`ALTER TABLE ${table} DROP COLUMN ${one.name}`);
  }
}
