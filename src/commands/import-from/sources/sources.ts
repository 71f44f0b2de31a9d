import { UsageError } from '../../../failure.js';
import type { Reading } from '../item.js';
import { readBitwarden } from './bitwarden.js';
import { BITWARDEN_CSV } from './bitwarden-csv.js';
import { type CsvFormat, readCsv } from './csv-format.js';
import { HUDU } from './hudu.js';
import { IT_GLUE } from './it-glue.js';
import { KEEPASS } from './keepass.js';
import { type Source, SOURCES } from './names.js';
import { ONE_PASSWORD } from './one-password.js';

const FORMATS: Record<Source, CsvFormat> = {
  bitwarden: BITWARDEN_CSV,
  'keepass-csv': KEEPASS,
  '1password-csv': ONE_PASSWORD,
  'itglue-csv': IT_GLUE,
  'hudu-csv': HUDU,
};

const isSource = (text: string): text is Source => Object.hasOwn(FORMATS, text);

const beginsAsJson = (text: string) => /^\s*[[{]/.test(text);

/**
 * What an export says.
 *
 * @throws UsageError for the export of another program, and for what is none
 */
export function readSource(source: string, text: string): Reading {
  if (!isSource(source)) throw new UsageError(`The format must be one of ${SOURCES.join(', ')}.`);
  const format = FORMATS[source];
  if (/^\s*</.test(text))
    throw new UsageError('The file is XML or HTML: export as CSV (of Bitwarden as JSON).');
  if (!beginsAsJson(text)) return readCsv(text, format, Object.values(FORMATS));
  if (format !== BITWARDEN_CSV)
    throw new UsageError(
      `The file is JSON, and ${format.label} exports CSV. JSON is read of Bitwarden alone.`,
    );
  return readBitwarden(text);
}
