import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { openContext } from '../../application.js';
import type { AppSettings } from '../../core/config/settings.js';
import { Secret } from '../../core/config/settings.js';
import { ConflictError } from '../../core/context/errors.js';
import type { Logger } from '../../core/context/logger.js';
import { liveProcesses } from '../../core/crypto/keystore/presence.js';
import { lockForServer } from '../../core/database/sqlite-files.js';
import type { Backends } from '../../core/start/backends.js';
import { databaseUrls } from '../../core/start/backends.js';
import { DataImport, type DataImportWish, type ImportedFolder } from '../../operations/data-folders/data-import.service.js'; // prettier-ignore

interface Given extends DataImportWish {
  log: Logger;
  /** Runs as the command line. */
  as: <T>(work: () => Promise<T>) => Promise<T>;
}

/** From a folder to an installation that can be started, while no server works on it. */
export async function importFolder(
  folder: string,
  settings: AppSettings,
  { log, as, ...wish }: Given,
): Promise<ImportedFolder> {
  settings.JWT_SECRET_KEY ??= new Secret(randomBytes(32).toString('hex'));
  const unlock = lockForServer(databaseUrls(settings));
  try {
    const { app, opened } = await openContext(settings, log, { importing: true });
    try {
      await requireNobody(opened);
      return await as(() => app.get(DataImport).take(folder, wish));
    } finally {
      await app.close();
      await opened.close();
    }
  } finally {
    unlock();
  }
}

/** Files of SQLite have a lock of their own; a database of a server is told who works with it. */
async function requireNobody({ keystore }: Backends): Promise<void> {
  if (keystore.dialect === 'sqlite') return;
  const others = (await liveProcesses(keystore)).filter(one => one.pid !== process.pid && isAlive(one));
  const [other] = others;
  if (other)
    throw new ConflictError(
      `Process ${other.pid} on ${other.host} works with these databases: stop every server, and wait half a minute for one that was killed.`,
    );
}

function isAlive({ host, pid }: { host: string; pid: number }): boolean {
  if (host !== hostname()) return true;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
