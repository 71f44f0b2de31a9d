import { timingSafeEqual } from 'node:crypto';
import type { KeyRing } from '../crypto/key-ring.js';
import { OpeningError } from '../crypto/opening-error.js';
import type { Row, Sql } from '../database/sql.js';
import { LATER_MAC_COLUMNS, MAC_COLUMNS } from './journal-entry.entity.js';
import { journalMac } from './journal-mac.js';

/** One thing that is wrong with the journal, and the entry where it was seen. */
export interface JournalFault {
  kind: 'mac' | 'key' | 'duplicate' | 'order' | 'future';
  n: number;
  id: string;
  at: string;
  message: string;
}

export interface Verification {
  ok: boolean;
  /** Entries that were read. */
  checked: number;
  /** How many there are; `faults` holds the first of them, in order of n. */
  fault_count: number;
  faults: JournalFault[];
  /** What is odd and may have an innocent cause, such as a clock that was set. */
  warnings: JournalFault[];
}

/** Room for more checks over the same reading: each entry in order of n, once. */
export type EntryCheck = (entry: Row) => JournalFault | undefined;

const BATCH = 1_000;
const KEPT = 100;
const TOLERANCE_MS = 5 * 60_000;
const COLUMNS = ['n', ...MAC_COLUMNS, ...LATER_MAC_COLUMNS, 'mac'].join(', ');

function fault(kind: JournalFault['kind'], entry: Row, message: string): JournalFault {
  return { kind, n: Number(entry.n), id: String(entry.id), at: String(entry.at), message };
}

/** Whether the MAC is the one that the key gives for the entry as it is stored. */
function macFits(key: Buffer, entry: Row): boolean {
  const expected = Buffer.from(journalMac(key, entry));
  const found = Buffer.from(String(entry.mac));
  return expected.length === found.length && timingSafeEqual(expected, found);
}

/** Entries are numbered when they are written: their times rise, but for what runs side by side. */
export function timeCheck(now: number): EntryCheck {
  let latest = 0;
  return entry => {
    const at = Date.parse(`${String(entry.at).replace(' ', 'T')}Z`);
    const before = latest;
    latest = Math.max(latest, Math.min(at, now));
    if (at > now + TOLERANCE_MS) return fault('future', entry, 'is of a time that has not come yet');
    if (at < before - TOLERANCE_MS) return fault('order', entry, 'is older than an entry before it');
    return undefined;
  };
}

/** The MACs of a batch, one look-up for each version of the key. */
async function macFaults(keys: KeyRing, batch: Row[]): Promise<JournalFault[]> {
  const versions = [...new Set(batch.map(entry => Number(entry.mac_key_version)))];
  const found: JournalFault[] = [];
  for (const version of versions) {
    const entries = batch.filter(entry => Number(entry.mac_key_version) === version);
    try {
      const bad = await keys.useSystem('audit-mac', version, key =>
        entries.filter(entry => !macFits(key, entry)),
      );
      found.push(
        ...bad.map(entry => fault('mac', entry, 'was edited, or was not written by this installation')),
      );
    } catch (error) {
      if (!(error instanceof OpeningError)) throw error;
      found.push(
        ...entries.map(entry => fault('key', entry, `is sealed by key ${version}, which is not there`)),
      );
    }
  }
  return found.sort((a, b) => a.n - b.n);
}

/** Ids are unique by an index; whoever took it away may have written one twice. */
async function duplicates(sql: Sql): Promise<JournalFault[]> {
  const rows = await sql.select(
    'SELECT journal.n, journal.id, journal.at FROM journal JOIN (SELECT id, MIN(n) AS first FROM journal ' +
      `GROUP BY id HAVING COUNT(*) > 1) AS twice ON twice.id = journal.id AND journal.n > twice.first ORDER BY journal.n LIMIT ${KEPT}`,
  );
  return rows.map(entry => fault('duplicate', entry, 'has the id of an entry before it'));
}

/**
 * Reads the whole journal in order of n, in pieces and with constant memory, and checks every entry by itself:
 * what was edited or inserted has no valid MAC. What commits meanwhile is left for the next time.
 *
 * @param sql reads what is committed
 * @throws UnavailableError when the keystore is away; the driver's error when the database is
 */
export async function verifyJournal(
  sql: Sql,
  keys: KeyRing,
  progress: (done: number, total: number) => void = () => undefined,
): Promise<Verification> {
  const [edge] = await sql.select<{ last: number | null; total: number }>(
    'SELECT MAX(n) AS last, COUNT(*) AS total FROM journal',
  );
  const last = Number(edge?.last ?? 0);
  const result: Verification = { ok: true, checked: 0, fault_count: 0, faults: [], warnings: [] };
  const checkTime = timeCheck(Date.now());
  const add = (found: JournalFault[]) => {
    result.fault_count += found.length;
    result.faults.push(...found.slice(0, KEPT - result.faults.length));
  };
  for (let n = Number.MIN_SAFE_INTEGER; ;) {
    const batch = await sql.select(
      `SELECT ${COLUMNS} FROM journal WHERE n > ? AND n <= ? ORDER BY n LIMIT ${BATCH}`,
      [n, last],
    );
    if (batch.length === 0) break;
    add(await macFaults(keys, batch));
    const odd = batch.flatMap(entry => checkTime(entry) ?? []);
    result.warnings.push(...odd.slice(0, KEPT - result.warnings.length));
    result.checked += batch.length;
    n = Number(batch.at(-1)?.n);
    progress(result.checked, Number(edge?.total ?? 0));
    // A server that verifies goes on serving.
    await new Promise(resolve => setImmediate(resolve));
  }
  if (await lacksUniqueIds(sql)) add(await duplicates(sql));
  result.faults.sort((a, b) => a.n - b.n);
  result.ok = result.fault_count === 0;
  return result;
}

async function lacksUniqueIds(sql: Sql): Promise<boolean> {
  const found =
    sql.dialect === 'sqlite'
      ? await sql.select("SELECT name FROM sqlite_master WHERE type = 'index' AND name = 'uq_journal_id'")
      : await sql.select(
          'SELECT index_name FROM information_schema.statistics WHERE table_schema = DATABASE() ' +
            "AND table_name = 'journal' AND index_name = 'uq_journal_id' AND non_unique = 0",
        );
  return found.length === 0;
}
