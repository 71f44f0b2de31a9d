import { type FieldFault, ValidationError } from '../../core/context/errors.js';
import type { RawQuery } from '../../core/resource/lists/query-parts.js';
import { ON_CONFLICT, type OnConflict } from './import-job.entity.js';

const KNOWN = ['dry_run', 'on_conflict', 'match_key'];

/** How a file is to be brought in. */
export interface AskedImport {
  dry_run: boolean;
  on_conflict: OnConflict;
  match_key: string | undefined;
}

/** @throws ValidationError with every fault of the query */
export function askedImport(raw: RawQuery): AskedImport {
  const faults: FieldFault[] = [];
  for (const field of Object.keys(raw).filter(name => !KNOWN.includes(name)))
    faults.push({ field: field.slice(0, 100), message: 'is not a parameter of this route', rule: 'unknown' });
  const one = (field: string, choices?: readonly string[]) => {
    const given = raw[field];
    if (Array.isArray(given)) faults.push({ field, message: 'may be given only once', rule: 'repeated' });
    else if (given !== undefined && choices && !choices.includes(given))
      faults.push({ field, message: `must be one of ${choices.join(', ')}`, rule: 'enum' });
    else return given;
    return undefined;
  };
  const dry_run = one('dry_run', ['true', 'false']) === 'true';
  const on_conflict = (one('on_conflict', ON_CONFLICT) ?? 'error') as OnConflict;
  const match_key = one('match_key');
  if (faults.length > 0) throw new ValidationError(faults, 'The query is not valid');
  return { dry_run, on_conflict, match_key };
}
