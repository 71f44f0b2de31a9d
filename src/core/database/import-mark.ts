import type { Database } from './database.js';

/** Stands among the facts of the main database from before the first row of a folder until all of them are there. */
const FACT = 'unfinished_import';

/** Which folder is being imported into an installation. */
export interface ImportMark {
  /** SHA-256 of its manifest, in hex. */
  checksum_sha256: string;
  begun_at: string;
}

/** Undefined where no import of a folder has begun, or where it has ended. */
export async function importMark({ connections }: Database): Promise<ImportMark | undefined> {
  const text = 'SELECT value FROM facts WHERE name = ?';
  const [row] = await connections.reader.select<{ value: string }>(text, [FACT]);
  const [checksum_sha256, begun_at] = row?.value.split(' ') ?? [];
  return checksum_sha256 && begun_at ? { checksum_sha256, begun_at } : undefined;
}

/** In an installation that has no mark. */
export async function setImportMark({ connections }: Database, mark: ImportMark): Promise<void> {
  const value = `${mark.checksum_sha256} ${mark.begun_at}`;
  await connections.commitOne('INSERT INTO facts (name, value) VALUES (?, ?)', [FACT, value]);
}

export async function removeImportMark({ connections }: Database): Promise<void> {
  await connections.commitOne('DELETE FROM facts WHERE name = ?', [FACT]);
}

/** Half of what an installation held is none to be served. */
export class UnfinishedImportError extends Error {
  override readonly name = 'UnfinishedImportError';

  constructor({ begun_at }: ImportMark) {
    super(
      `The import of a folder into this installation, begun at ${begun_at}, has not ended: wait for it, or, if it was ` +
        'cut off, run "admin import --folder DIR" with the same folder again: it goes on.',
    );
  }
}

/** @throws UnfinishedImportError */
export async function requireImported(database: Database): Promise<void> {
  const mark = await importMark(database);
  if (mark) throw new UnfinishedImportError(mark);
}
