import { backupsOf } from './backups.js';
import { factsOf } from './sealed/credential.js';
import { Contents } from './sealed/contents.js';
import { readAuditLog } from './disk/audit-log.js';
import type { VaultStore } from './store.js';

/** Counts of a vault, without values. */
export interface Stats {
  path: string;
  entries: number;
  by_type: Record<string, number>;
  expired: number;
  /** Of versions of the file. */
  counter: number;
  size_bytes: number;
  backups: number;
  audit_entries: number;
  created_at: string;
  /** `key` or `passphrase`. */
  opens_with: string;
  key_id: string;
}

export async function statsOf(store: VaultStore): Promise<Stats> {
  const version = await store.read();
  const { header, tail, bytes, keys } = version;
  const facts = new Contents(version).all().map(factsOf);
  const by_type: Record<string, number> = {};
  for (const { type } of facts) by_type[type] = (by_type[type] ?? 0) + 1;
  const isExpired = (end: string | null) => end !== null && Date.parse(end) < Date.now();
  return {
    path: store.places.file,
    entries: tail.entries,
    by_type,
    expired: facts.filter(one => isExpired(one.expires_at)).length,
    counter: tail.counter,
    size_bytes: bytes.length,
    backups: (await backupsOf(store)).length,
    audit_entries: readAuditLog(store.places.audit, keys.audit).entries.length,
    created_at: header.created_at,
    opens_with: header.kdf.name === 'none' ? 'key' : 'passphrase',
    key_id: header.key_id,
  };
}
