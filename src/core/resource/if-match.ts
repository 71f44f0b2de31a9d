import type { FastifyReply } from 'fastify';
import { PreconditionError } from '../context/errors.js';

/**
 * Whether a header of entity tags names the version: `"3"`, among others, or `3` without quotation marks, or
 * `W/"3"`, which a proxy that compresses makes of it. A version is a number, so that none of them means two things.
 */
export function namesVersion(header: string, version: number): boolean {
  return header.split(',').some(tag => /^(?:W\/)?("?)(\d+)\1$/.exec(tag.trim())?.[2] === String(version));
}

/** `If-Match: "3"` (RFC 9110, 13.1.1): throws unless the row is of one of the versions named; `*` is any. */
export function checkIfMatch(
  label: string,
  row: { id: string; version: number },
  ifMatch: string | undefined,
): void {
  if (ifMatch === undefined || ifMatch.trim() === '*' || namesVersion(ifMatch, row.version)) return;
  throw new PreconditionError(`${label} has changed since it was read`, {
    resource_type: label,
    resource_id: row.id,
    current_version: row.version,
  });
}

/** Tells the version of a row in an answer; none where the caller is not shown it. */
export function etag(reply: FastifyReply, row: { version?: number }): void {
  if (row.version !== undefined) reply.header('etag', `"${row.version}"`);
}
