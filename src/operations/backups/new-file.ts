import { createHash, randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { syncFolder } from '../../core/context/durable-files.js';

/** How the name of a file ends that is not whole yet. */
export const PART = '.part';

export interface Written {
  /** Bytes. */
  size: number;
  /** SHA-256 in hex. */
  checksum: string;
}

/**
 * Writes a file (0600) beside its name, has it checked, and gives it the name only then: whatever ends the process,
 * nothing that looks whole is not.
 *
 * @param check is given the path of what was written, and throws where it is not as it has to be
 * @throws the error of the file system; nothing is left behind then
 */
export async function writeNewFile(
  path: string,
  content: AsyncIterable<Buffer>,
  check: (written: string) => Promise<void>,
): Promise<Written> {
  const aside = `${path}.${randomBytes(6).toString('hex')}${PART}`;
  try {
    const written = await writeAll(aside, content);
    await check(aside);
    await rename(aside, path);
    await syncFolder(dirname(path));
    return written;
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

async function writeAll(path: string, content: AsyncIterable<Buffer>): Promise<Written> {
  const hash = createHash('sha256');
  let size = 0;
  const file = await open(path, 'wx', 0o600);
  try {
    await pipeline(content, async pieces => {
      for await (const piece of pieces) {
        hash.update(piece);
        size += piece.length;
        await file.appendFile(piece);
      }
    });
    await file.sync();
  } finally {
    await file.close();
  }
  return { size, checksum: hash.digest('hex') };
}
