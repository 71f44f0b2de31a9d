import { existsSync } from 'node:fs';
import { ClientError } from '../cli/errors.js';
import { backupsOf } from './backups.js';
import { readAuditLog } from './disk/audit-log.js';
import { readSeen } from './disk/seen.js';
import { Contents, type Version } from './sealed/contents.js';
import { isCurrent, type VaultStore } from './store.js';

/** What was looked at. */
export interface Check {
  name: 'file' | 'version' | 'entries' | 'log' | 'backups';
  ok: boolean;
  detail: string;
}

async function check(name: Check['name'], look: () => string | Promise<string>): Promise<Check> {
  try {
    return { name, ok: true, detail: await look() };
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    return { name, ok: false, detail: error.message };
  }
}

function fail(detail: string): never {
  throw new ClientError(detail);
}

function versionSeen(version: Version): string {
  const seen = readSeen(version.header.id);
  const { counter } = version.tail;
  if (isCurrent(version, seen)) return `${counter}, the last that this machine has seen`;
  return fail(
    counter < (seen?.counter ?? 0)
      ? `${counter} is older than ${seen?.counter}, which this machine has seen: --accept takes it knowingly`
      : `${counter} is not the version of that number which this machine has seen: --accept takes it knowingly`,
  );
}

function logSeen(store: VaultStore, { header, keys }: Version): string {
  const seen = readSeen(header.id)?.audit.n ?? 0;
  const { head, broken } = readAuditLog(store.places.audit, keys.audit);
  if (broken !== undefined) fail(`entry ${broken} is not as it was written: --accept begins another log`);
  if (head.n < seen)
    fail(`it ends with entry ${head.n}, and this machine has seen ${seen}: --accept takes it as it is`);
  return `${head.n} entries, each following from the one before`;
}

async function backupsFit(store: VaultStore): Promise<string> {
  const backups = existsSync(store.places.backups) ? await backupsOf(store) : [];
  const bad = backups.filter(one => !one.usable).map(one => one.name);
  if (bad.length > 0) fail(`these do not open: ${bad.join(', ')}`);
  return `${backups.length}, all usable`;
}

/**
 * Looks at everything: permissions, key, every byte of the file, every entry, the log, the backups. With `accept` an older
 * copy or a log that was cut is taken from now on, which is on the record.
 */
export async function verify(store: VaultStore, accept: boolean): Promise<Check[]> {
  let version: Version | undefined;
  const file = await check('file', async () => {
    version = await store.versionIn(store.readBytes());
    return `${store.places.file} is as it was written`;
  });
  const checks = [file];
  if (version) {
    const present = version;
    if (accept) await store.accept(present);
    checks.push(
      await check('version', () => versionSeen(present)),
      await check('entries', () => `${new Contents(present).all().length}, all open`),
      await check('log', () => logSeen(store, present)),
    );
  }
  return [...checks, await check('backups', () => backupsFit(store))];
}
