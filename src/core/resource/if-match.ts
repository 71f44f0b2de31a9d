import { PreconditionError } from '../context/errors.js';

/** `If-Match: "3"` (RFC 9110, 13.1.1): throws unless the row is of one of the versions named; `*` is any. */
export function checkIfMatch(
  label: string,
  row: { id: string; version: number },
  ifMatch: string | undefined,
): void {
  if (ifMatch === undefined || ifMatch === '*') return;
  const versions = ifMatch.split(',').map(tag => tag.trim());
  if (versions.includes(`"${row.version}"`)) return;
  throw new PreconditionError(`${label} has changed since it was read`, {
    resource_type: label,
    resource_id: row.id,
    current_version: row.version,
  });
}
