import { OpskeepError } from '../context/errors.js';

/** 500: a stored value was altered or moved, or its key is gone. The caller is not told which; `cause` is. */
export class OpeningError extends OpskeepError {
  readonly status = 500;
  readonly code = 'internal';
  override readonly level = 'error';

  constructor(cause: unknown) {
    super('The stored value could not be opened', {}, { cause });
  }
}
