import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';

/** What configuration, references and answers need at most. */
const MOST_BYTES = 256 * 1024;

/**
 * The text of a regular file of at most so many bytes; undefined for everything else: what is not there, larger, a pipe
 * or a device. Never waits for anybody, whoever laid the file there. With `end` the end of a file of any size.
 */
export function readFileText(
  path: string,
  { most = MOST_BYTES, end = false }: { most?: number; end?: boolean } = {},
): string | undefined {
  return readFileBytes(path, { most, end })?.toString('utf8');
}

/** As `readFileText`, in bytes. */
export function readFileBytes(
  path: string,
  { most = MOST_BYTES, end = false }: { most?: number; end?: boolean } = {},
): Buffer | undefined {
  let file: number | undefined;
  try {
    // Before it is opened, too: opening a device may do something.
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return undefined;
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stat = fstatSync(file);
    if (!stat.isFile() || (stat.size > most && !end)) return undefined;
    const bytes = Buffer.alloc(Math.min(stat.size, most));
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = readSync(file, bytes, length, bytes.length - length, stat.size - bytes.length + length);
    return bytes.subarray(0, length);
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
