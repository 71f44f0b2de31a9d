import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from '../../core/context/durable-files.js';

/** How the name of a folder ends that is not whole yet. */
export const PART_END = '.part';
/** Bytes that are written at once. */
const PIECE = 256 * 1024;

export interface WrittenFile {
  /** Bytes. */
  size: number;
  checksum_sha256: string;
}

/** Writes a file into a folder that is being made. */
export type WriteFile = (
  name: string,
  content: AsyncIterable<string | Buffer> | Iterable<string | Buffer>,
) => Promise<WrittenFile>;

/**
 * Makes a folder (0700) beside its name, has it filled, and gives it the name only then: whatever ends the process,
 * nothing that looks whole is not.
 *
 * @throws the error of the file system or of `fill`; nothing is left behind then
 */
export async function writeNewFolder(path: string, fill: (write: WriteFile) => Promise<void>): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}${PART_END}`;
  await mkdir(aside, { mode: 0o700 });
  try {
    await fill((name, content) => writeFile(join(aside, name), content));
    await syncFolder(aside);
    await rename(aside, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    throw error;
  }
}

async function writeFile(path: string, content: Parameters<WriteFile>[1]): Promise<WrittenFile> {
  const hash = createHash('sha256');
  let size = 0;
  const file = await open(path, 'wx', 0o600);
  const write = async (bytes: Buffer) => {
    hash.update(bytes);
    size += bytes.length;
    await file.appendFile(bytes);
  };
  try {
    let waiting: Buffer[] = [];
    let length = 0;
    for await (const piece of content) {
      const bytes = Buffer.from(piece as string);
      waiting.push(bytes);
      length += bytes.length;
      if (length < PIECE) continue;
      await write(Buffer.concat(waiting));
      [waiting, length] = [[], 0];
    }
    await write(Buffer.concat(waiting));
    await file.sync();
  } finally {
    await file.close();
  }
  return { size, checksum_sha256: hash.digest('hex') };
}
