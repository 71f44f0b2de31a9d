import { Injectable } from '@nestjs/common';
import { Audit } from '../../core/audit/audit.service.js';
import { programVersion } from '../../core/config/version.js';
import { ConflictError } from '../../core/context/errors.js';
import { Keystore } from '../../core/crypto/keystore/keystore.js';
import { MainDatabase } from '../../core/database/main-database.js';
import { migrationsRun } from '../../core/database/migrate.js';
import { newId } from '../../core/database/new-id.js';
import type { Snapshot } from '../../core/database/snapshots.js';
import { columnName } from '../../core/database/sql.js';
import { now } from '../../core/database/values.js';
import { ResourceKit } from '../../core/resource/kit.js';
import { ResourceRegistry } from '../../core/resource/resource-registry.js';
import { FOLDER_FORMAT, type FileFormat, FORMAT_VERSION, type Manifest, MANIFEST, SECRETS } from './folder-format.js'; // prettier-ignore
import { ofClient, type Part, partsFor } from './folder-parts.js';
import {
  SecretsExport,
  type SecretsTold,
  type SecretsWish,
} from '../../vault/secrets-export/secrets-export.service.js';
import { valuesOf, writerOf } from './folder-rows.js';
import { type WriteFile, writeNewFolder } from './write-folder.js';

/** Rows that are made text at once. */
const ROWS = 200;

export interface DataExportWish {
  file_format: FileFormat;
  client?: { id: string; name: string };
  resources?: readonly string[];
  /** Secrets are taken along, encrypted. */
  secrets?: SecretsWish;
  /** Told how many rows of all are written. */
  told: (done: number, total: number) => void;
}

/** Everything that an installation holds as rows of resources, in a folder of files: one moment of the main database. */
@Injectable()
export class DataExport {
  constructor(
    private readonly main: MainDatabase,
    private readonly keystore: Keystore,
    private readonly registry: ResourceRegistry,
    private readonly kit: ResourceKit,
    private readonly audit: Audit,
    private readonly secrets: SecretsExport,
  ) {}

  /**
   * @param path is none of a folder that is there; the one above it is
   * @throws the error of the file system or of a database; nothing is left behind then
   */
  async make(path: string, wish: DataExportWish): Promise<Manifest> {
    const id = newId();
    if (wish.secrets) await this.requireSecrets(wish);
    await this.tell({ step: 'begin', ...factsOf(id, wish) });
    const snapshot = await this.main.connections.snapshot();
    let manifest: Manifest | undefined;
    try {
      await writeNewFolder(path, async write => {
        manifest = await this.fill(id, snapshot, write, wish);
        const { checksum_sha256 } = await write(MANIFEST, [`${JSON.stringify(manifest, null, 2)}\n`]);
        // Before the folder has its name: what is not on the trail is not there.
        const rows = manifest.files.reduce((sum, one) => sum + one.rows, 0);
        const credentials = manifest.secrets?.credentials;
        await this.tell({ step: 'end', export_id: id, rows, credentials, checksum_sha256 });
      });
    } finally {
      await snapshot.end();
    }
    return manifest!;
  }

  private async fill(
    id: string,
    snapshot: Snapshot,
    write: WriteFile,
    { client, resources, file_format, told, secrets }: DataExportWish,
  ): Promise<Manifest> {
    const { parts, left_out } = partsFor({ resources, client_id: client?.id });
    const created_at = now();
    const sources = parts.map(part => ({ part, from: this.sourceOf(part, client?.id) }));
    let total = 0;
    for (const { from } of sources) {
      const [row] = await snapshot.select<{ n: number }>(`SELECT COUNT(*) AS n FROM ${from}`);
      total += Number(row?.n);
    }
    let done = 0;
    const files: Manifest['files'] = [];
    for (const { part, from } of sources) {
      const before = done;
      const file = `${part.name}.${file_format}`;
      const text = this.textOf(snapshot, part, from, file_format, count => told((done += count), total));
      const written = await write(file, text);
      const fields = part.fields.map(one => one.name);
      files.push({ file, rows_of: part.name, fields, rows: done - before, ...written });
    }
    const opened: SecretsTold = { credentials: 0, left_out: new Map() };
    const where = client && `client_id = '${client.id}'`;
    const sealed = secrets && (await write(SECRETS, this.secrets.file(secrets, id, where, opened)));
    for (const [why, count] of opened.left_out)
      left_out.push({ what: `secrets of ${count} credentials`, why });
    return {
      format: FOLDER_FORMAT,
      format_version: FORMAT_VERSION,
      id,
      created_at,
      version: programVersion(),
      install_id: (await this.keystore.fact('install_id')) ?? '',
      schema: (await migrationsRun(this.main)).at(-1) ?? '',
      file_format,
      client: client ?? null,
      is_partial: client !== undefined || resources !== undefined,
      files,
      secrets: sealed ? { file: SECRETS, credentials: opened.credentials, ...sealed } : null,
      left_out,
    };
  }

  /** The table and the condition of a part's rows, which hold no values. */
  private sourceOf(part: Part, client_id: string | undefined): string {
    const seen = this.registry.byPath(part.resource?.path ?? '')?.visible() ?? [];
    if (seen.some(one => one.values.length > 0))
      throw new ConflictError(`Of ${part.name}, who exports everything has to see everything`);
    const mine = client_id === undefined ? undefined : ofClient(part, client_id);
    const conditions = [...seen.map(one => one.sql), ...(mine ? [mine] : [])];
    const where = conditions.length > 0 ? ` WHERE ${conditions.map(one => `(${one})`).join(' AND ')}` : '';
    return `${part.stored.table}${where}`;
  }

  private async *textOf(
    snapshot: Snapshot,
    part: Part,
    from: string,
    format: FileFormat,
    told: (rows: number) => void,
  ): AsyncGenerator<string> {
    const { table } = part.stored;
    const columns = part.fields.map(one => `${table}.${columnName(one.name)}`);
    if (part.isTaggable) columns.push(this.kit.tagging.column(part.resource!));
    const { head, text } = writerOf(part, format);
    const values = valuesOf(part);
    yield head;
    let rows: unknown[][] = [];
    for await (const row of snapshot.rows(`SELECT ${columns.join(', ')} FROM ${from} ORDER BY ${table}.id`)) {
      rows.push(values(row));
      if (rows.length < ROWS) continue;
      yield text(rows);
      told(rows.length);
      rows = [];
    }
    yield text(rows);
    told(rows.length);
  }

  private async requireSecrets({ secrets, resources }: DataExportWish): Promise<void> {
    if (resources && !resources.includes('credentials'))
      throw new ConflictError(
        'Secrets without the credentials that they are of open nothing: add credentials',
      );
    if (secrets) await this.secrets.requirePassphrase(secrets.passphrase);
  }

  private tell(details: Record<string, unknown>): Promise<void> {
    return this.audit.recordRead({ action: 'data.export', details });
  }
}

function factsOf(export_id: string, { client, resources, file_format, secrets }: DataExportWish) {
  const withSecrets = secrets && { reason: secrets.reason, break_glass: secrets.breaksGlass };
  return { export_id, file_format, client_id: client?.id, resources, with_secrets: withSecrets ?? false };
}
