import type { ResourceSpec } from '../../src/core/resource/resource.js';
import type { FieldSpec } from '../../src/core/table/field-spec.js';

/** A row's number, of eight digits, as text. */
const NUMBER = "LPAD(n, 8, '0')";

/** What the n-th row holds: different in each where it must be, and of few kinds where people choose among few. */
function valueOf(spec: ResourceSpec, field: FieldSpec, ids: string): string {
  const { column, choices } = field;
  if (field.primary) return `CONCAT('${ids}', LPAD(n, 12, '0'))`;
  const alone = field.unique || field.keyOf || spec.unique.some(set => set.includes(field.name));
  if (choices) return `ELT(1 + n % ${choices.length}, ${choices.map(one => `'${one}'`).join(', ')})`;
  if (field.nullable && !field.index && !alone) return 'NULL';
  switch (column.kind) {
    case 'uuid':
      return `CONCAT('${ids}', LPAD(n % ${alone ? 1_000_000 : 50}, 12, '0'))`;
    case 'flag':
      return 'n % 2';
    case 'whole':
    case 'big':
    case 'decimal':
      return alone ? 'n' : 'n % 100';
    case 'moment':
      return "TIMESTAMPADD(MINUTE, n, '2026-01-01')";
    case 'day':
      return "DATE(TIMESTAMPADD(DAY, n % 700, '2025-01-01'))";
    case 'json':
      return "'[]'";
    default:
      return `RIGHT(${NUMBER}, ${column.length ?? 255})`;
  }
}

/** The statement that fills a resource's table of MariaDB, whose foreign keys are not checked, with `rows` rows. */
export function filled(spec: ResourceSpec, columns: string[], rows: number): string {
  const fields = columns.map(name => {
    const field = spec.fields.find(one => one.name === name);
    if (!field) throw new Error(`${spec.table} has a column that is not declared: ${name}`);
    return field;
  });
  const values = fields.map(one => valueOf(spec, one, '01981f5e-6f43-7bd1-b4a5-'));
  return `INSERT INTO ${spec.table} (${columns.map(one => `\`${one}\``).join(', ')}) SELECT ${values.join(', ')} FROM
    (SELECT seq AS n FROM seq_1_to_${rows}) numbers`;
}
