import { readFileSync, realpathSync, statSync } from 'node:fs';
import { UsageError } from '../../../failure.js';
import { isCredentialsFile, openCredentialsFile } from '../../../formats/credentials-file.js';
import { FormatError } from '../../../formats/format-error.js';
import type { EarlierHistory, EarlierRow, EarlierSystem, Seen } from '../earlier-rows.js';
import { KIND, rowOfEntry } from './entry-row.js';

const MOST_BYTES = 64 * 1_048_576;
/** The text of the file, and where it is. @throws UsageError */
function contentOf(path: string): { text: string; path: string } {
  try {
    const real = realpathSync(path);
    const found = statSync(real);
    if (!found.isFile() || found.size > MOST_BYTES) throw new UsageError(`${path} is no .credentials file`);
    return { text: readFileSync(real, 'latin1').trim(), path: real };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'})`);
  }
}

/** A `.credentials` file of version 1: names with a secret each, under one key. */
export class FileSystem implements EarlierSystem {
  readonly kind = KIND;
  readonly warnings: string[] = [];

  private constructor(
    readonly label: string,
    private readonly entries: [name: string, entry: unknown][],
  ) {}

  /**
   * @param label in the place of the path, which else tells the file from others with the same names
   * @throws UsageError for what is no such file; Error where the key does not open it
   */
  static open(file: string, secret: string, salt: string | undefined, label: string | undefined): FileSystem {
    const { text, path } = contentOf(file);
    if (!isCredentialsFile(text))
      throw new UsageError(
        `${file} is no .credentials file of version 1; of others see opskeep vault export`,
      );
    try {
      return new FileSystem(label ?? path, Object.entries(openCredentialsFile(text, secret, salt)));
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      const hint = salt === undefined ? '; a key that was made of a text needs --salt' : '';
      throw new Error(`The key does not open the file (${error.message}${hint}). Nothing was written`);
    }
  }

  get totals() {
    return { clients: 0, credentials: this.entries.length, history: 0 };
  }

  async *clients(): AsyncGenerator<EarlierRow> {}

  async *history(): AsyncGenerator<EarlierHistory> {}

  async *credentials(seen: Seen): AsyncGenerator<EarlierRow> {
    for (const [name, entry] of this.entries) yield await rowOfEntry(name, entry, seen);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
