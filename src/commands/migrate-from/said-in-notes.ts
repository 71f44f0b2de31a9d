import { ValidationError } from '../../core/context/errors.js';
import { validateBody } from '../../core/http/pipes/body.pipe.js';
import { bodiesOf } from '../../core/resource/bodies/bodies.js';
import type { ResourceSpec } from '../../core/resource/resource.js';
import type { Body } from '../../core/resource/resource.service.js';
import { type FieldSpec, isRequired } from '../../core/table/field-spec.js';
import { type EarlierRow, Seen } from './earlier-rows.js';

const HEAD = 'From the earlier system:';

/** What a row says that no field here takes, line by line. */
export class Notes {
  private readonly lines: string[] = [];

  constructor(private readonly seen: Seen) {}

  add(column: string, text: string): void {
    this.lines.push(`${column}: ${text}`);
    Seen.count(this.seen.inNotes, column);
  }

  /** The notes that a row has, and behind them these. */
  under(notes: unknown): Body {
    const own = typeof notes === 'string' && notes !== '' ? [notes] : [];
    const all = this.lines.length === 0 ? own : [...own, [HEAD, ...this.lines].join('\n')];
    return all.length === 0 ? {} : { notes: all.join('\n\n') };
  }
}

/**
 * Checks a body as a request would be. What a field does not take (an address that is none, a port of 70000) stands in
 * the notes then, if the row can do without the field; the row is at fault where it cannot.
 */
export async function acceptable(
  spec: ResourceSpec,
  body: Body,
  notes: Notes,
  row: EarlierRow,
): Promise<Body | undefined> {
  const type = bodiesOf(spec).create;
  const given = { ...body };
  for (const isLast of [false, true])
    try {
      const whole = { ...given, ...notes.under(given.notes) };
      await validateBody(type, whole);
      return whole;
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      for (const { field, message } of error.details.errors ?? []) {
        const name = field.split('.')[0] ?? field;
        const known = spec.byName.get(name);
        if (isLast || !known || !mayGo(known))
          row.faults.push({ table: row.table, row: row.row, column: name, reason: message });
        else if (given[name] !== undefined) {
          notes.add(name, textOf(given[name]));
          delete given[name];
        }
      }
      if (row.faults.length > 0) return undefined;
    }
  return undefined;
}

const mayGo = (field: FieldSpec) => !isRequired(field) && !field.virtual && field.name !== 'notes';

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
