import type { ErrorDetails, FieldFault } from '../../core/context/errors.js';
import type { MatchKey } from './match-keys.js';

/** Of a row that asks for one by an id that is none. */
export const GONE = {
  field: 'id',
  message: 'names no row that is there: leave it empty for a new one',
  rule: 'reference',
};

/** Of rows that are to be found by what they do not have: sent again, they would be made again. */
export function withoutKey(key: MatchKey | undefined): FieldFault {
  const fields = key?.fields ?? ['id'];
  const by = fields.join() === 'id' ? 'an id' : `${fields.join(',')} or an id`;
  return {
    field: fields.at(-1) ?? 'id',
    message: `cannot be found again without ${by}: give it, or another match_key, or on_conflict=error`,
    rule: 'unmatched',
  };
}

export const CONFLICT = { message: 'is that of a row that is there already', rule: 'conflict' };
/** An update that repeats them otherwise was made from a row of before. */
const STAMPS = ['version', 'updated_at'];

/** What is wrong with a row, from the error that refused it. */
export function faultsIn(message: string, code: string, details: ErrorDetails): FieldFault[] {
  const { errors = [], field } = details;
  if (errors.length === 0) return [{ field: field ?? 'row', message, rule: code }];
  return errors.map(one =>
    one.rule === 'readOnly' && STAMPS.includes(one.field)
      ? {
          ...one,
          message: 'is not that of the row any more: it has changed since the file was written',
          rule: 'stale',
        }
      : one,
  );
}
