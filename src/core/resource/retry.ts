import { ConflictError, StaleRowError } from '../context/errors.js';

/**
 * `.catch(retryIfTaken(['slug']))` on an insert or an update: somebody else took the value of one of the fields at the
 * same time; the unit runs anew and finds what is there. Only for values that the next run chooses anew. To look for it at once is not enough: MariaDB refuses the second row a moment before
 * it shows the first one.
 */
export function retryIfTaken(fields: string[]): (error: unknown) => never {
  return error => {
    const taken = error instanceof ConflictError && fields.includes(error.details.field ?? '');
    throw taken ? new StaleRowError('The same was written at the same time', error.details) : error;
  };
}
