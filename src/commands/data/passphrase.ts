import { STANDARD_INPUT } from '../../formats/bounded-input.js';
import { readSecret } from '../secret-input.js';

/** The passphrase of secrets: from a file, from stdin (`-`), or asked for twice without echo. */
export function readPassphrase(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return readSecret('passphrase', { prompt: true });
  return readSecret('passphrase', file === STANDARD_INPUT ? { stdin: true } : { file });
}
