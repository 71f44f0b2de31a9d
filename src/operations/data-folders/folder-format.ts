/** What a folder says that it is. */
export const FOLDER_FORMAT = 'opskeep-data';
/** Goes up when an older program could misread a folder. */
export const FORMAT_VERSION = 1;
export const MANIFEST = 'manifest.json';
export const SECRETS = 'secrets.ndjson.age';

export const FILE_FORMATS = ['ndjson', 'csv'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

/** One file of a folder: the rows of a resource, or of what hangs on one. */
export interface FolderFile {
  file: string;
  /** The path of the resource, or the name of what hangs on one. */
  rows_of: string;
  fields: string[];
  rows: number;
  /** Bytes. */
  size: number;
  /** SHA-256 in hex. */
  checksum_sha256: string;
}

/** What an installation holds beside, and why the folder does not. */
export interface LeftOut {
  what: string;
  why: string;
}

/** The secrets, encrypted under a passphrase (age). */
export interface SecretsFile {
  file: typeof SECRETS;
  credentials: number;
  size: number;
  checksum_sha256: string;
}

/** `manifest.json`: what is in a folder, and what is not. */
export interface Manifest {
  format: typeof FOLDER_FORMAT;
  format_version: number;
  id: string;
  created_at: string;
  /** Of the program that wrote it. */
  version: string;
  install_id: string;
  /** The newest migration of the database that it was read from. */
  schema: string;
  file_format: FileFormat;
  /** The client alone of which the rows are; null for all. */
  client: { id: string; name: string } | null;
  /** Whether rows were left out that the others may refer to. */
  is_partial: boolean;
  files: FolderFile[];
  secrets: SecretsFile | null;
  left_out: LeftOut[];
}
