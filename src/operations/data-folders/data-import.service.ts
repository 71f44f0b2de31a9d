import { Injectable } from '@nestjs/common';
import { Audit } from '../../core/audit/audit.service.js';
import { ConflictError } from '../../core/context/errors.js';
import { importMark, removeImportMark, setImportMark } from '../../core/database/import-mark.js';
import { MainDatabase } from '../../core/database/main-database.js';
import { migrationStatus } from '../../core/database/migrate.js';
import { Units } from '../../core/database/units.js';
import { now } from '../../core/database/values.js';
import { allResources } from '../../core/resource/resource.js';
import { ApprovalEndings } from '../../vault/approvals/approval-endings.service.js';
import { checkFolder, type FilePart } from './check-folder.js';
import { FolderLoader } from './folder-loader.service.js';
import { FolderSecrets } from './folder-secrets.service.js';
import type { Manifest } from './folder-format.js';
import { inOrder } from './folder-order.js';
import { importableParts } from './folder-parts.js';
import { readManifest } from './read-manifest.js';

export interface DataImportWish {
  /** Reads and checks all of it, and writes nothing. */
  isDry: boolean;
  /** What opens the secrets of the folder; null leaves them out. Needed where it has some. */
  passphrase?: string | null;
  /** Told how many rows of all are checked, and stored. */
  checked: (done: number, total: number) => void;
  stored: (done: number, total: number) => void;
  /** Told before the first row is written: what is cut off from then on has to be gone on with. */
  begun: () => void;
}

export interface ImportedFolder {
  manifest: Manifest;
  rows: number;
  /** References to rows that are neither in the folder nor in the installation. */
  cleared: number;
  /** Credentials that have their secrets now. */
  secrets: number;
  /** Whether it went on with an import that was cut off. */
  went_on: boolean;
}

/** Takes a folder of an export into an installation that has no rows. */
@Injectable()
export class DataImport {
  constructor(
    private readonly main: MainDatabase,
    private readonly units: Units,
    private readonly audit: Audit,
    private readonly loader: FolderLoader,
    private readonly secrets: FolderSecrets,
    private readonly approvals: ApprovalEndings,
  ) {}

  /**
   * Checks all of it before the first row is written. From then on the installation is marked as unfinished until
   * everything is there: the same folder goes on.
   *
   * @throws ValidationError for a folder that is damaged, or whose rows are not good; ConflictError for one of a newer
   * version, and where rows are there already
   */
  async take(folder: string, wish: DataImportWish): Promise<ImportedFolder> {
    const schemas = (await migrationStatus(this.main)).map(one => one.name);
    const { manifest, checksum_sha256 } = await readManifest(folder, schemas);
    const parts = partsOf(manifest);
    const mark = await importMark(this.main);
    if (mark && mark.checksum_sha256 !== checksum_sha256)
      throw new ConflictError(
        `The import of another folder, begun at ${mark.begun_at}, was cut off in this installation: go on with that one, or begin with empty databases.`,
      );
    if (!mark) await this.requireEmpty(parts);
    const opens = secretsOf(manifest, wish);
    if (opens) await this.secrets.check(folder, opens.said, opens.passphrase);
    const total = manifest.files.reduce((sum, one) => sum + one.rows, 0);
    const reader = this.main.connections.reader;
    const { index, cleared } = await checkFolder(folder, manifest, parts, reader, counted(total, wish.checked)); // prettier-ignore
    try {
      const result: ImportedFolder = {
        manifest,
        rows: total,
        cleared,
        secrets: 0,
        went_on: mark !== undefined,
      };
      if (wish.isDry) return result;
      const facts = { export_id: manifest.id, created_at: manifest.created_at, checksum_sha256 };
      await this.audit.recordRead({ action: 'data.import', details: { step: 'begin', ...facts } });
      wish.begun();
      if (!mark) await setImportMark(this.main, { checksum_sha256, begun_at: now() });
      const loading = { folder, manifest, index, goesOn: mark !== undefined };
      await this.loader.load(parts, { ...loading, told: counted(total, wish.stored) });
      if (opens) result.secrets = await this.secrets.store(folder, opens.said, opens.passphrase);
      await this.units.run(() => this.approvals.endAbout({}, 'an import has brought it'));
      await this.audit.recordRead({
        action: 'data.import',
        details: { step: 'end', ...facts, rows: total, cleared, secrets: result.secrets },
      });
      await removeImportMark(this.main);
      return result;
    } finally {
      index.close();
    }
  }

  /**
   * Whatever the folder holds: rules of rows that are there, of their visibility and of who approves, are passed by.
   * The first administrator may be there, since whoever began the installation has to log in.
   */
  private async requireEmpty(parts: readonly FilePart[]): Promise<void> {
    const tables = [...allResources(), ...parts.map(one => one.part.stored)].map(one => one.table);
    const names = new Set(tables);
    const found: string[] = [];
    for (const name of names) {
      const [row] = await this.main.connections.reader.select<{ n: number }>(`SELECT COUNT(*) AS n FROM ${name}`); // prettier-ignore
      const most = name === 'users' ? 1 : 0;
      if (Number(row?.n) > most) found.push(`${name} (${Number(row?.n)})`);
    }
    if (found.length > 0)
      throw new ConflictError(
        `The installation has rows already: ${found.join(', ')}. A folder is imported where no rows are; begin with empty databases.`,
      );
  }
}

function partsOf({ files }: Manifest): FilePart[] {
  const said = new Map(files.map(one => [one.rows_of, one]));
  return inOrder(importableParts().filter(one => said.has(one.name))).map(placed => ({
    ...placed,
    said: said.get(placed.part.name)!,
  }));
}

function secretsOf({ secrets }: Manifest, { passphrase }: DataImportWish) {
  if (!secrets || passphrase === null) return undefined;
  if (passphrase === undefined)
    throw new ConflictError(
      'The folder has secrets: give their passphrase (--passphrase-file), or leave them out (--without-secrets).',
    );
  return { said: secrets, passphrase };
}

function counted(total: number, told: (done: number, total: number) => void): (rows: number) => void {
  let done = 0;
  return rows => told((done += rows), total);
}
