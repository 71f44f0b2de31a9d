import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from '../../context/durable-files.js';

/** The newest checkpoint that this machine knows of, outside of the database: `audit.head` in the data folder. */
export class HeadFile {
  readonly path: string;

  constructor(data: string) {
    this.path = join(data, 'audit.head');
  }

  /** Undefined when there is none. */
  async read(): Promise<string | undefined> {
    try {
      return await readFile(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /**
   * As a whole or not at all, whenever the machine stops.
   *
   * @param isOver whether what stands there by then is to stay
   */
  async write(
    note: string,
    isOver: (there: string | undefined) => Promise<boolean> = () => Promise.resolve(false),
  ): Promise<void> {
    // Processes in containers that share the folder may have the same number.
    const aside = `${this.path}.${randomUUID()}`;
    try {
      await written(aside, note);
      if (await isOver(await this.read())) return await rm(aside);
      await rename(aside, this.path);
    } catch (error) {
      await rm(aside, { force: true });
      throw error;
    }
    await syncFolder(dirname(this.path));
  }
}

async function written(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
