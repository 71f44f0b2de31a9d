import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '../../../failure.js';
import { readBounded } from '../../../formats/bounded-input.js';
import { isCredentialsFile, openCredentialsFile } from '../../../formats/credentials-file.js';
import { FormatError } from '../../../formats/format-error.js';
import type { EarlierHistory, EarlierRow, EarlierSystem, Seen } from '../earlier-rows.js';
import { KIND, rowOfEntry } from './entry-row.js';

const MOST_BYTES = 64 * 1_048_576;

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
   * @throws InputFault, UsageError for what is no such file; Error where the key does not open it
   */
  static async open(
    file: string,
    secret: string,
    salt: string | undefined,
    label: string | undefined,
  ): Promise<FileSystem> {
    const text = (await readBounded(resolve(file), file, MOST_BYTES)).toString('latin1').trim();
    if (!isCredentialsFile(text))
      throw new UsageError(
        `${file} is no .credentials file of version 1; of others see opskeep vault export`,
      );
    try {
      return new FileSystem(
        label ?? realpathSync(file),
        Object.entries(openCredentialsFile(text, secret, salt)),
      );
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
