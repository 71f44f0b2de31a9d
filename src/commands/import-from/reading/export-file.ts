import { stat } from 'node:fs/promises';
import { UsageError } from '../../../failure.js';
import { readBounded, STANDARD_INPUT } from '../../../formats/bounded-input.js';

/** As much as the API takes of an import (64 MiB). */
const MOST_BYTES = 64 * 1024 * 1024;

/** Files that are no text, by how they begin. */
const BINARY: [bytes: string, says: string][] = [
  ['504b0304', 'a ZIP archive (or a workbook): unpack it, and give the file of passwords in it'],
  ['03d9a29a', 'a database of KeePass: export it as CSV there'],
  ['d0cf11e0', 'a workbook of Excel: save it as CSV UTF-8'],
  ['1f8b', 'compressed: unpack it first'],
];

/** @throws InputFault for what cannot be read or is too large, UsageError for what is no text, or is in no encoding that can be told for sure */
export async function readExport(path: string): Promise<string> {
  const bytes = await readBounded(path, 'The file', MOST_BYTES);
  const begins = bytes.subarray(0, 8).toString('hex');
  const binary = BINARY.find(([start]) => begins.startsWith(start));
  if (binary) throw new UsageError(`The file is ${binary[1]}.`);
  const text = decoded(bytes);
  if (text.trim() === '') throw new UsageError('The file is empty.');
  return text;
}

/** UTF-8, or UTF-16 that says so: whatever else would be guessed, and a password guessed wrongly opens nothing. */
function decoded(bytes: Buffer): string {
  const begins = bytes.subarray(0, 2).toString('hex');
  const encoding = begins === 'fffe' ? 'utf-16le' : begins === 'feff' ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(
      `The file is no text in ${encoding.toUpperCase()}: save it as UTF-8 (CSV UTF-8 in Excel).`,
    );
  }
}

/** Whether others on this machine can read the file; null where there is none to ask about. */
export async function isOpenToOthers(path: string): Promise<boolean | null> {
  const found = path === STANDARD_INPUT ? undefined : await stat(path).catch(() => undefined);
  return found?.isFile() ? (found.mode & 0o077) !== 0 : null;
}
