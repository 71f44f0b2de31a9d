import { createHash } from 'node:crypto';
import type { TestApp } from '../app.js';

/** What a refused request may write (the record of the refusal, and its seal), and what is counted anew each minute. */
const RECORDS = new Set([
  ...['journal', 'audit_checkpoints', 'audit_head', 'audit_tiles'],
  ...['sqlite_sequence', 'opskeep_lock', 'recall_terms', 'webhook_deliveries', 'shared_counts'],
]);
/** What deliveries store in the rows of webhooks. */
const MEANWHILE = { cursor_seq: 0, holder: null, held_until: null, fence: 0, failing_since: null };

async function tablesOf(t: TestApp): Promise<string[]> {
  const text =
    t.opened.database.dialect === 'sqlite'
      ? "SELECT name FROM sqlite_master WHERE type = 'table'"
      : "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE'";
  return (await t.sql<{ name: string }>(text)).map(one => one.name).filter(name => !RECORDS.has(name));
}

/** Table → hash of all of its rows; `without` names tables that may change. */
export async function checksums(t: TestApp, without: string[] = []): Promise<Record<string, string>> {
  const sums: Record<string, string> = {};
  for (const table of (await tablesOf(t)).filter(name => !without.includes(name))) {
    const meanwhile = table === 'webhooks' ? MEANWHILE : {};
    const found = await t.sql(`SELECT * FROM ${table}`);
    const rows = found.map(row => JSON.stringify({ ...row, ...meanwhile })).sort();
    sums[table] = `${rows.length} ${createHash('sha256').update(rows.join('\n')).digest('hex')}`;
  }
  return sums;
}
