import { fileFault } from './file-fault.js';

/** Bytes by which a file is known for what it is. */
export const KNOWN_BY = 24;

/** Files that are no rows of text, by how they begin. */
const FOREIGN: [begins: string, says: string][] = [
  ['504b0304', 'is a ZIP archive or a workbook of Excel (.xlsx): save it as CSV UTF-8, or unpack it'],
  ['504b0506', 'is an empty ZIP archive'],
  ['d0cf11e0', 'is a workbook of Excel (.xls): save it as CSV UTF-8'],
  ['1f8b', 'is compressed with gzip: unpack it first'],
  ['28b52ffd', 'is compressed with zstd: unpack it first'],
  ['425a68', 'is compressed with bzip2: unpack it first'],
  ['fd377a585a00', 'is compressed with xz: unpack it first'],
  ['377abcaf271c', 'is a 7z archive: unpack it first'],
  ['52617221', 'is a RAR archive: unpack it first'],
  ['25504446', 'is a PDF'],
  ['53514c69746520666f726d6174', 'is a database of SQLite'],
  ['03d9a29a', 'is a database of KeePass: opskeep admin import-from takes its export'],
  ['6167652d656e6372797074696f6e2e6f7267', 'is encrypted with age: decrypt it first'],
  ['89504e47', 'is an image'],
  ['ffd8ff', 'is an image'],
  ['47494638', 'is an image'],
  ['7f454c46', 'is a program'],
  ['50415231', 'is a Parquet file: export it as CSV'],
  ['fffe0000', 'is UTF-32: save it as UTF-8'],
  ['0000feff', 'is UTF-32: save it as UTF-8'],
];

/** @throws ValidationError that names what the file is, where it is no text */
export function refuseForeign(start: Buffer): void {
  const begins = start.subarray(0, KNOWN_BY).toString('hex');
  const found = FOREIGN.find(([bytes]) => begins.startsWith(bytes));
  if (found) throw fileFault(found[1], 'format');
  if (hasNulBetween(start))
    throw fileFault('is UTF-16 without a byte order mark: save it as UTF-8', 'encoding');
}

/** Letters of UTF-16 have a NUL before or behind each; with a mark it is known for what it is. */
function hasNulBetween(start: Buffer): boolean {
  const zeros = start.subarray(0, KNOWN_BY).filter(one => one === 0).length;
  return zeros >= 4 && !/^(fffe|feff)/.test(start.subarray(0, 2).toString('hex'));
}
