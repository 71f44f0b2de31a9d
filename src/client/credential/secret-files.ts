import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { decodeUtf8 } from '../../formats/utf8.js';
import { UsageError } from '../cli/errors.js';

/** A secret from a file, or from the standard input (`-`), without one line end behind it. */
export async function inputText(place: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = place === '-' ? await buffer(process.stdin) : readFileSync(place);
  } catch (error) {
    const { code = 'error' } = error as NodeJS.ErrnoException;
    throw new UsageError(`A file with a secret cannot be read (${code}).`);
  }
  try {
    return decodeUtf8(bytes).replace(/\r?\n$/, '');
  } catch {
    throw new UsageError('A secret is no UTF-8 text.');
  }
}
