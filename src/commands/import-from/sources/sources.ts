import { UsageError } from '../../../failure.js';
import type { Reading } from '../item.js';
import { readBitwarden } from './bitwarden.js';
import { BITWARDEN_CSV } from './bitwarden-csv.js';
import { type CsvFormat, readCsv } from './csv-format.js';
import { HUDU } from './hudu.js';
import { IT_GLUE } from './it-glue.js';
import { KEEPASS } from './keepass.js';
import { ONE_PASSWORD } from './one-password.js';

const FORMATS: readonly CsvFormat[] = [BITWARDEN_CSV, KEEPASS, ONE_PASSWORD, IT_GLUE, HUDU];

const beginsAsJson = (text: string) => /^\s*[[{]/.test(text);

/**
 * What an export says.
 *
 * @throws UsageError for the export of another program, and for what is none
 */
export function readSource(source: string, text: string): Reading {
  const format = FORMATS.find(one => one.source === source);
  if (!format)
    throw new UsageError(`The format must be one of ${FORMATS.map(one => one.source).join(', ')}.`);
  if (/^\s*</.test(text))
    throw new UsageError('The file is XML or HTML: export as CSV (of Bitwarden as JSON).');
  if (!beginsAsJson(text)) return readCsv(text, format, FORMATS);
  if (format !== BITWARDEN_CSV)
    throw new UsageError(
      `The file is JSON, and ${format.label} exports CSV. JSON is read of Bitwarden alone.`,
    );
  return readBitwarden(text);
}
