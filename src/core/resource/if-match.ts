import type { FastifyReply } from 'fastify';
import { PreconditionError } from '../context/errors.js';

/**
 * Whether a header of entity tags names the version: `"3"`, among others, or `3` without quotation marks, or
 * `W/"3"`, which a proxy that compresses makes of it. A version is a number, so that none of them means two things.
 */
export function namesVersion(header: string, version: number): boolean {
  return header.split(',').some(tag => /^(?:W\/)?("?)(\d+)\1$/.exec(tag.trim())?.[2] === String(version));
}

/** Whether a header names any version at all. */
const namesAny = (header: string) => /(?:^|,)\s*(?:W\/)?("?)\d+\1\s*(?:,|$)/.test(header);

/** `If-Match: "3"` (RFC 9110, 13.1.1): throws unless the row is of one of the versions named; `*` is any. */
export function checkIfMatch(
  label: string,
  row: { id: string; version: number },
  ifMatch: string | undefined,
): void {
  if (ifMatch === undefined || ifMatch.trim() === '*' || namesVersion(ifMatch, row.version)) return;
  const message = namesAny(ifMatch)
    ? `${label} has changed since it was read`
    : 'If-Match names no version: send the ETag of the row as it was read, such as "3", or *';
  throw new PreconditionError(message, {
    resource_type: label,
    resource_id: row.id,
    current_version: row.version,
  });
}

/** Tells the version of a row in an answer; none where the caller is not shown it. */
export function etag(reply: FastifyReply, row: { version?: number }): void {
  if (row.version !== undefined) reply.header('etag', `"${row.version}"`);
}
