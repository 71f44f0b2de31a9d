import { createHash } from 'node:crypto';
import type { ReadStream } from 'node:fs';
import { constants, type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { MasterKeys } from '../../core/crypto/master-key/master-key-set.js';
import { openedFile } from '../../core/crypto/sealed-files.js';
import { FormatError } from '../../formats/format-error.js';
import { MOST_OF_HEADER, readHeader, type StreamHeader } from '../../formats/sealed-stream/header.js';
import { BACKUP_KIND, type BackupFacts, type BackupPart, type Counts, readFacts } from './backup-format.js';
import { readParts } from './backup-lines.js';

/** A file is no backup, or not as it was written. */
export class DamagedBackupError extends Error {
  override readonly name = 'DamagedBackupError';
}

export type Told = (done: number, total: number) => void;

/** A backup that is open for reading; whoever opens it closes it. */
export class BackupFile {
  private constructor(
    readonly path: string,
    /** Bytes. */
    readonly size: number,
    readonly facts: BackupFacts,
    private readonly handle: FileHandle,
    private readonly header: StreamHeader,
  ) {}

  /** Reads the header. @throws DamagedBackupError; the error of the file system */
  static async open(path: string): Promise<BackupFile> {
    // A pipe that nobody writes to would be waited for.
    const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const found = await handle.stat();
      if (!found.isFile()) throw new DamagedBackupError(`${path} is not a file.`);
      const start = Buffer.alloc(Math.min(found.size, MOST_OF_HEADER));
      await handle.read(start, 0, start.length, 0);
      const header = await naming(path, () => headerOf(start));
      const facts = await naming(path, () => readFacts(header.facts));
      return new BackupFile(path, found.size, facts, handle, header);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  /** Whether the master key has sealed its header and the beginning: one chunk is read. @throws MissingKeyError */
  async opens(masterKeys: MasterKeys): Promise<boolean> {
    try {
      const opened = openedFile(masterKeys, this.header, this.stored());
      for await (const _ of opened) return true;
      return false;
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      return false;
    }
  }

  /**
   * Reads all of it: whatever `take` is given is authentic, and when this resolves, it was everything.
   *
   * @returns what it holds, and the SHA-256 of the file in hex
   * @throws DamagedBackupError; MissingKeyError; what `take` throws
   */
  async read(
    masterKeys: MasterKeys,
    take: (part: BackupPart) => Promise<void> | void,
    told: Told,
  ): Promise<Counts & { checksum: string }> {
    const { header } = this;
    const hash = createHash('sha256').update(header.bytes);
    const { size } = this;
    let done = header.bytes.length;
    const counted = async function* (pieces: AsyncIterable<Buffer>) {
      for await (const piece of pieces) {
        hash.update(piece);
        done += piece.length;
        told(done, size);
        yield piece;
      }
    };
    const counts = await naming(this.path, () =>
      pipeline(
        this.stored(),
        counted,
        sealed => openedFile(masterKeys, header, sealed),
        createGunzip(),
        async source => takeAll(source as AsyncIterable<Uint8Array>, take),
      ),
    );
    return { ...counts, checksum: hash.digest('hex') };
  }

  /** What follows the header. */
  private stored(): ReadStream {
    return this.handle.createReadStream({
      start: this.header.bytes.length,
      autoClose: false,
      highWaterMark: 256 * 1024,
    });
  }
}

function headerOf(start: Buffer): StreamHeader {
  const header = readHeader(start);
  if (header.kind !== BACKUP_KIND) throw new FormatError(`it is a ${header.kind}, and no backup`);
  return header;
}

async function takeAll(
  source: AsyncIterable<Uint8Array>,
  take: (part: BackupPart) => Promise<void> | void,
): Promise<Counts> {
  const parts = readParts(source);
  for (;;) {
    const { done, value } = await parts.next();
    if (done) return value;
    const taken = take(value);
    if (taken) await taken;
  }
}

async function naming<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new DamagedBackupError(`${path} is damaged, or no backup: ${error.message}.`, { cause: error });
  }
}
