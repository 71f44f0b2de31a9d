import { type AuditEntry, readAuditLog } from './disk/audit-log.js';
import { cutLog, notFound } from './faults.js';
import { readSeen } from './disk/seen.js';
import type { VaultStore } from './store.js';

/** The log with all of its entries, if it is whole. */
async function wholeLog(store: VaultStore): Promise<{ entries: AuditEntry[]; counter: number }> {
  const { header, keys, tail } = await store.read();
  const { audit } = store.places;
  // In this order: what is seen is written after the log.
  const seen = readSeen(header.id);
  const { entries, head, broken } = readAuditLog(audit, keys.audit);
  if (broken !== undefined || head.n < (seen?.audit.n ?? 0)) throw cutLog(audit);
  return { entries, counter: tail.counter };
}

/** The last entries of the log. */
export async function lastEntries(store: VaultStore, count: number): Promise<AuditEntry[]> {
  const { entries } = await wholeLog(store);
  return entries.slice(Math.max(0, entries.length - count));
}

/**
 * Entries of changes that are in the vault. One is on the record before its version is in place: when its process was
 * killed in between, or an older version was taken back, its counter comes again.
 */
export function changesOf(entries: AuditEntry[], counter: number): AuditEntry[] {
  const changes: AuditEntry[] = [];
  for (const entry of entries) {
    const number = entry.counter;
    if (number === undefined || number > counter) continue;
    const isOf = (one: AuditEntry) => one.counter === number && one.at === entry.at;
    while (changes.length > 0) {
      const last = changes[changes.length - 1];
      if (last === undefined || (last.counter ?? 0) < number || isOf(last)) break;
      changes.pop();
    }
    changes.push(entry);
  }
  return changes;
}

/** The entries of a name, and before it was renamed those of the name that its credential had then. */
function entriesOf(changes: AuditEntry[], name: string): AuditEntry[] {
  const names = new Set([name]);
  const found: AuditEntry[] = [];
  for (const entry of changes.toReversed()) {
    const isOf = [entry.name, entry.from].some(one => one !== undefined && names.has(one));
    if (!isOf) continue;
    found.push(entry);
    if (entry.from !== undefined && entry.name !== undefined && names.has(entry.name)) names.add(entry.from);
  }
  return found.toReversed();
}

/** What became of a credential: when it was set, renamed, deleted. */
export async function historyOf(store: VaultStore, name: string): Promise<AuditEntry[]> {
  const { entries, counter } = await wholeLog(store);
  const history = entriesOf(changesOf(entries, counter), name);
  if (history.length === 0) throw notFound();
  return history;
}
