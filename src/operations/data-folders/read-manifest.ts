import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ConflictError } from '../../core/context/errors.js';
import { programVersion } from '../../core/config/version.js';
import { readBoundedText } from '../../formats/bounded-input.js';
import { FILE_FORMATS, FOLDER_FORMAT, type FolderFile, FORMAT_VERSION, type Manifest, MANIFEST, SECRETS } from './folder-format.js'; // prettier-ignore
import { folderFault } from './folder-fault.js';
import { importableParts } from './folder-parts.js';
import { requirePlainFile } from './plain-file.js';

const SHA256 = /^[0-9a-f]{64}$/;
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
const isText = (value: unknown) => typeof value === 'string';
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A manifest, and by which it is known. */
export interface ReadManifest {
  manifest: Manifest;
  checksum_sha256: string;
}

/**
 * Reads what a folder says of itself. Names of files are those of its own parts: a path leads nowhere else.
 *
 * @param schemas the migrations that this program knows
 * @throws ValidationError for what is no folder of ours, or damaged; ConflictError for one of a newer program
 */
export async function readManifest(folder: string, schemas: readonly string[]): Promise<ReadManifest> {
  const path = join(folder, MANIFEST);
  await requirePlainFile(path, MANIFEST);
  const text = await readBoundedText(path, `The file ${MANIFEST}`);
  const said = parsed(text);
  if (!isRecord(said) || said.format !== FOLDER_FORMAT)
    throw folderFault(MANIFEST, 'is none of an export by "admin export"');
  if (Number(said.format_version) > FORMAT_VERSION || isNewer(said.schema, schemas))
    throw new ConflictError(
      `The folder was written by a newer version, ${String(said.version).slice(0, 40)}; this is ${programVersion()}: import it with that, or a newer one.`,
    );
  if (!isManifest(said)) throw folderFault(MANIFEST, 'is damaged: it is not as an export writes it');
  return { manifest: said, checksum_sha256: createHash('sha256').update(text).digest('hex') };
}

const isNewer = (schema: unknown, schemas: readonly string[]) =>
  typeof schema === 'string' && schema !== '' && !schemas.includes(schema);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isManifest(said: Record<string, unknown>): said is Manifest & Record<string, unknown> {
  const { files, secrets, client, file_format } = said;
  return (
    ['id', 'created_at', 'version', 'install_id', 'schema'].every(name => isText(said[name])) &&
    FILE_FORMATS.some(one => one === file_format) &&
    typeof said.is_partial === 'boolean' &&
    (client === null || (isRecord(client) && isText(client.id) && isText(client.name))) &&
    Array.isArray(files) &&
    files.every(one => isFile(one, String(file_format))) &&
    new Set(files.map(one => one.rows_of)).size === files.length &&
    (secrets === null ||
      (isRecord(secrets) &&
        secrets.file === SECRETS &&
        isCount(secrets.credentials) &&
        isWritten(secrets) &&
        files.some(one => one.rows_of === 'credentials')))
  );
}

const isWritten = ({ size, checksum_sha256 }: Record<string, unknown>) =>
  isCount(size) && isText(checksum_sha256) && SHA256.test(String(checksum_sha256));

function isFile(one: unknown, file_format: string): one is FolderFile {
  if (!isRecord(one)) return false;
  const { rows_of, file, fields, rows } = one;
  return (
    importableParts().some(part => part.name === rows_of) &&
    file === `${String(rows_of)}.${file_format}` &&
    Array.isArray(fields) &&
    fields.every(isText) &&
    isCount(rows) &&
    isWritten(one)
  );
}
