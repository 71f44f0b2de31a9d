import { createReadStream, promises } from 'node:fs';
import { FormatError } from './format-error.js';
import { decodeUtf8 } from './utf8.js';

/** The name of the standard input among files. */
export const STANDARD_INPUT = '-';

/** Bytes of the largest secret, key, token or line of text that is read: longer ones are stored nowhere. */
const MOST_OF_TEXT = 1 << 20;

/** What a user named cannot be read. The message says which, why and how much may be there; nothing of what it holds. */
export class InputFault extends Error {
  override readonly name = 'InputFault';
  readonly code = 'usage';
}

const sizeOf = (bytes: number) => (bytes < 1 << 20 ? `${bytes >> 10} KiB` : `${bytes >> 20} MiB`);

/** Why a file is not even opened: a folder, or a device, which may have no end, or do something when it is. */
async function refusalOf(path: string, most: number): Promise<string | undefined> {
  const found = await promises.stat(path);
  if (found.isDirectory()) return 'is a folder';
  if (found.isCharacterDevice() || found.isBlockDevice()) return 'is a device, not a file';
  return found.isFile() && found.size > most ? `has more than ${sizeOf(most)}` : undefined;
}

/**
 * All of a file, a pipe, or (`-`) the standard input.
 *
 * @param called the place in a message, like `The file that --file names`
 * @param most bytes
 * @throws InputFault for what is not there, may not be read, is a folder or a device, or holds more
 */
export async function readBounded(place: string, called: string, most = MOST_OF_TEXT): Promise<Buffer> {
  const isStandard = place === STANDARD_INPUT;
  const fault = (why: string) => new InputFault(`${isStandard ? 'The standard input' : called} ${why}.`);
  const parts: Buffer[] = [];
  let size = 0;
  try {
    const refusal = isStandard ? undefined : await refusalOf(place, most);
    if (refusal !== undefined) throw fault(refusal);
    const stream = isStandard ? process.stdin : createReadStream(place);
    for await (const part of stream as AsyncIterable<Buffer>) {
      if ((size += part.length) > most) throw fault(`has more than ${sizeOf(most)}`);
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof InputFault) throw error;
    throw fault(`cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'})`);
  }
  return Buffer.concat(parts);
}

/** As {@link readBounded}, as text. @throws InputFault for what is not UTF-8, too */
export async function readBoundedText(place: string, called: string, most?: number): Promise<string> {
  const bytes = await readBounded(place, called, most);
  try {
    return decodeUtf8(bytes);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new InputFault(`${place === STANDARD_INPUT ? 'The standard input' : called} is not UTF-8 text.`);
  }
}

/** As {@link readBoundedText}, without the one line end behind it, which `echo` and editors put there. */
export async function readBoundedValue(place: string, called: string): Promise<string> {
  return (await readBoundedText(place, called)).replace(/\r?\n$/, '');
}
