import { ValidationError } from '../../core/context/errors.js';
import { validateBody } from '../../core/http/pipes/body.pipe.js';
import { bodiesOf } from '../../core/resource/bodies/bodies.js';
import type { ResourceSpec } from '../../core/resource/resource.js';
import type { Body } from '../../core/resource/resource.service.js';
import { type FieldSpec, isRequired } from '../../core/table/field-spec.js';
import { sealedBeside, tellsSecret } from '../bringing/telling.js';
import { type EarlierRow, Seen } from './earlier-rows.js';

/** Takes away notes that were sealed. */
const NONE: Body = { notes: undefined };
const HEAD = 'From the earlier system:';
/** Leaves room for the name of a column of 60 characters. */
const MOST_OF_SERVICE = 250;

/** What a row says that no field here takes, line by line. What of it holds a secret is sealed instead. */
export class Notes {
  private readonly lines: string[] = [];
  private readonly sealed = new Map<string, string>();

  /** @param secrets of the row; undefined for a row beside which nothing can be sealed */
  constructor(
    private readonly seen: Seen,
    private readonly secrets?: readonly string[],
  ) {}

  add(column: string, text: string): void {
    if (this.seals(column, text)) return;
    this.lines.push(`${column}: ${text}`);
    Seen.count(this.seen.inNotes, column);
  }

  /** The notes that a row has, and behind them these. */
  under(notes: unknown): Body {
    const own = typeof notes === 'string' && notes !== '' && !this.seals('notes', notes) ? [notes] : [];
    const all = this.lines.length === 0 ? own : [...own, [HEAD, ...this.lines].join('\n')];
    if (this.sealed.size > 0) all.push(sealedBeside([...this.sealed.keys()]));
    return all.length === 0 ? NONE : { notes: all.join('\n\n') };
  }

  /** Seals a text where it holds a secret, once, though a row becomes several. */
  seals(column: string, text: string, isSecret = false): boolean {
    if (this.secrets === undefined) return false;
    if (!isSecret && !tellsSecret(`${column}: ${text}`, this.secrets)) return false;
    if (!this.sealed.has(column)) Seen.count(this.seen.sealed, column);
    this.sealed.set(column, text);
    return true;
  }

  /** What was sealed, as credentials of their own beside that of a service. */
  bodies(service: string): Body[] {
    return [...this.sealed].map(([column, text]) => ({
      service_name: `${service.slice(0, MOST_OF_SERVICE - column.length)}: ${column}`,
      credential_type: 'shared_secret',
      shared_secret: text,
    }));
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
