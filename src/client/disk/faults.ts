import { ClientError, EXIT } from '../cli/errors.js';

/** A file that others can read or write, and how to mend that. */
export const tooOpen = (what: string, mend: string) =>
  new ClientError(`${what}: ${mend}`, EXIT.failed, 'permissions');

/** What the operating system says of a file that is not to be read or written. */
export function ioFault(what: string, error: unknown): ClientError {
  if (error instanceof ClientError) return error;
  const { code = 'error' } = error as NodeJS.ErrnoException;
  return new ClientError(`${what} (${code})`, EXIT.failed, 'io');
}
