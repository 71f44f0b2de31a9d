import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream';
import { createGzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { Trail } from '../../core/audit/seals/trail.service.js';
import { storedCheckpoint, storedHead } from '../../core/audit/seals/tree-store.js';
import { programVersion } from '../../core/config/version.js';
import { ConflictError } from '../../core/context/errors.js';
import { Logger } from '../../core/context/logger.js';
import { Keystore } from '../../core/crypto/keystore/keystore.js';
import { wrappingKekId } from '../../core/crypto/keystore/sentinel.js';
import { MasterKeys } from '../../core/crypto/master-key/master-key-set.js';
import { MissingKeyError, sealedFile } from '../../core/crypto/sealed-files.js';
import { MainDatabase } from '../../core/database/main-database.js';
import { migrationsRun, migrationStatus } from '../../core/database/migrate.js';
import { newId } from '../../core/database/new-id.js';
import type { Snapshot } from '../../core/database/snapshots.js';
import { now } from '../../core/database/values.js';
import { BackupFile, type Told } from './backup-file.js';
import { BACKUP_KIND, type BackupFacts } from './backup-format.js';
import { strangeTables, tablesOf } from './backup-tables.js';
import { writeNewFile } from './new-file.js';
import { type VerifiedBackup, verifyBackup } from './verify-backup.js';
import { backupText, type BothSnapshots, countRows } from './write-backup.js';

/** Fast: most of what fills a backup is sealed, and does not get smaller. */
const COMPRESSION = { level: 1 };

export interface BackupTelling {
  rows: Told;
  /** Bytes that were read back. */
  verified: Told;
}

/** Makes backups: one moment of both databases in one sealed file, while everybody goes on writing. */
@Injectable()
export class Backups {
  constructor(
    private readonly main: MainDatabase,
    private readonly keystore: Keystore,
    private readonly masterKeys: MasterKeys,
    private readonly trail: Trail,
    private readonly logger: Logger,
  ) {}

  /**
   * @param path is none of a file that is there; its folder is made
   * @returns what was read back of it
   * @throws ConflictError where a newer program has migrated a database; the error of the file system or of a database
   */
  async make(path: string, told: BackupTelling): Promise<VerifiedBackup> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await this.sealTrail();
    // The keystore second: every key that a row needs was there before the row.
    const main = await this.main.connections.snapshot();
    let keystore: Snapshot | undefined;
    try {
      const created_at = now();
      keystore = await this.keystore.connections.snapshot();
      return await this.write(path, { main, keystore }, created_at, told);
    } finally {
      await main.end();
      await keystore?.end();
    }
  }

  /** What is sealed by now has its place in the backup; where nothing may be sealed, a backup matters all the more. */
  private async sealTrail(): Promise<void> {
    try {
      await this.trail.checkpoint();
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      this.logger.warn({ err: error }, 'the backup is made of an audit trail that cannot be sealed');
    }
  }

  private async write(
    path: string,
    snapshots: BothSnapshots,
    created_at: string,
    told: BackupTelling,
  ): Promise<VerifiedBackup> {
    const { main, keystore } = this;
    const migrations = { main: await this.ranIn(main), keystore: await this.ranIn(keystore) };
    const tables = [...tablesOf('main', main), ...tablesOf('keystore', keystore)];
    const total = await countRows(snapshots, tables);
    await this.tellStrangers(snapshots);
    const kek_id = (await wrappingKekId(keystore)) ?? this.masterKeys.current.id;
    const masterKey = await this.masterKeys.reach(kek_id);
    if (!masterKey) throw new MissingKeyError(kek_id, this.masterKeys.ids);
    const facts: Omit<BackupFacts, 'kek_id'> = {
      id: newId(),
      created_at,
      version: programVersion(),
      install_id: (await keystore.fact('install_id')) ?? '',
      database: main.dialect,
      trail: await trailOf(snapshots),
    };
    const { header, seal } = sealedFile(masterKey, BACKUP_KIND, { ...facts });
    const text = backupText(snapshots, migrations, tables, done => told.rows(done, total));
    let verified: VerifiedBackup | undefined;
    await writeNewFile(path, withHeader(header.bytes, seal(gzipped(text))), async written => {
      const file = await BackupFile.open(written);
      try {
        verified = await verifyBackup(file, this.masterKeys, told.verified);
      } finally {
        await file.close();
      }
    });
    return verified!;
  }

  private async ranIn(database: MainDatabase | Keystore): Promise<string[]> {
    const known = (await migrationStatus(database)).map(one => one.name);
    const ran = await migrationsRun(database);
    const newer = ran.filter(name => !known.includes(name));
    if (newer.length > 0)
      throw new ConflictError(
        `A newer version has migrated this database (${newer.join(', ')}): make the backup with that`,
      );
    return known.filter(name => ran.includes(name));
  }

  private async tellStrangers(snapshots: BothSnapshots): Promise<void> {
    const names = [
      ...(await strangeTables(snapshots.main, this.main)),
      ...(await strangeTables(snapshots.keystore, this.keystore)),
    ];
    if (names.length > 0)
      this.logger.warn({}, `tables that are not Opskeep's are in no backup: ${names.join(', ')}`);
  }
}

async function trailOf({ main }: BothSnapshots): Promise<BackupFacts['trail']> {
  const { size } = await storedHead(main);
  return { sealed: size, checkpoint: (await storedCheckpoint(main, size)) ?? null };
}

function gzipped(text: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  // The end of either is told to who reads on.
  return pipeline(text, createGzip(COMPRESSION), () => undefined);
}

async function* withHeader(header: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield header;
  yield* rest;
}
