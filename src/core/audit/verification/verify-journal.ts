import { setTimeout as sleep } from 'node:timers/promises';
import type { KeyRing } from '../../crypto/key-ring.js';
import type { Row, Sql } from '../../database/sql.js';
import type { Opener, SealKeys } from '../seals/seal-keys.js';
import { openedBy } from '../seals/trusted-head.js';
import { Copies, markOf } from './copies.js';
import { macFaults, TimeCheck } from './entry-checks.js';
import { EntryThreads, type Reading } from './entry-threads.js';
import { ENTRY_COLUMNS } from './sealed-entries.js';
import { type Anchor, SealedTree } from './sealed-tree.js';
import { type Looking, verifySealed } from './verify-sealed.js';
import { entryFault, Findings, type JournalFault, trailFault, type Verification } from './verification.js';

const BATCH = 1_000;
/** An entry that has no place for so long was forgotten. */
const STALE_MS = 10_000;
/** What a transaction wrote long ago may have been committed just now. */
const GRACE_MS = 2_500;

type Told = (done: number, total: number) => void;

/** What a verification needs. */
export interface Verifying {
  /** Reads what is committed. */
  connections: Reading;
  keys: KeyRing;
  seals: SealKeys;
  /** Heads that are known from outside of the database. */
  anchors?: readonly Anchor[];
  progress?: Told;
}

/**
 * Reads the whole journal, in pieces and with 8 bytes of memory for each entry: each entry by itself (its MAC, and whether
 * it stands there once), the order and completeness of all that are sealed (their places, the tree, its signed checkpoints,
 * and heads that are known from elsewhere), and whether what is not sealed is new. What commits meanwhile is left for the
 * next time.
 *
 * @throws UnavailableError when the keystore is away; the driver's error when the database is
 */
export async function verifyJournal(given: Verifying): Promise<Verification> {
  const { connections, keys, anchors = [], progress = () => undefined } = given;
  const findings = new Findings();
  const sql = connections.reader;
  const seals = await given.seals.opener();
  const { size, newest, wrong } = await headOf(sql, seals);
  const [edge] = await sql.select<{ last: number | null; total: number }>(
    'SELECT MAX(n) AS last, COUNT(*) AS total FROM journal',
  );
  const beyond = anchors.filter(one => one.size > size);
  for (const { called, size: known } of beyond)
    findings.fault(
      trailFault(
        'rollback',
        size + 1,
        `${called} knows of ${known} entries, the database has ${size} sealed ones: its end was cut, or it is an older copy`,
      ),
    );
  const tree = new SealedTree(sql, seals, findings, [...anchors, ...newest]);
  const told = (count: number) => {
    findings.checked += count;
    progress(findings.checked, Number(edge?.total ?? 0));
  };
  const looking = {
    connections,
    keys,
    tree,
    times: new TimeCheck(Date.now()),
    copies: new Copies(),
    findings,
    told,
  };
  if (size > 0)
    await EntryThreads.during(connections, keys, size, threads => verifySealed(threads, size, looking));
  if (wrong !== undefined) findings.fault(trailFault('checkpoint', tree.proved + 1, wrong));
  await verifyWaiting(sql, Number(edge?.last ?? 0), looking);
  findings.fault(...(await strangers(sql)), ...(await looking.copies.faults(connections.scanner)));
  return findings.result(size);
}

interface Head {
  /** Up to here entries should be sealed. */
  size: number;
  /** The signed checkpoint that says so. */
  newest: Anchor[];
  /** What is wrong with it. */
  wrong?: string;
}

/** What the database has for its head, in one look. */
async function headOf(sql: Sql, seals: Opener): Promise<Head> {
  const [row] = await sql.select<{ size: number; root: string; note: string | null; newer: number | null }>(
    'SELECT audit_head.size, audit_head.root, audit_checkpoints.note, (SELECT MAX(size) FROM audit_checkpoints) AS newer ' +
      'FROM audit_head LEFT JOIN audit_checkpoints ON audit_checkpoints.size = audit_head.size',
  );
  if (!row) return { size: 0, newest: [], wrong: 'The head of the trail is missing from the database' };
  const size = Number(row.size);
  if (size === 0 && row.newer === null) return { size, newest: [] };
  const head = row.note === null ? undefined : await openedBy(seals, row.note);
  const wrong = `The head of the trail, of ${size} entries, is not the one that this installation signed last`;
  const fits = head?.size === size && head.root.toString('base64') === row.root;
  if (!head || !fits || Number(row.newer) !== size) return { size, newest: [], wrong };
  return { size, newest: [{ ...head, called: `The checkpoint of ${size} entries` }] };
}

/** Entries without a place: new ones, unless the sequencer stands still. */
async function verifyWaiting(
  sql: Sql,
  last: number,
  { keys, times, copies, findings, told }: Looking,
): Promise<void> {
  const stale: Row[] = [];
  const edge = new Date(Date.now() - STALE_MS).toISOString().replace('T', ' ').replace('Z', '');
  for (let n = Number.MIN_SAFE_INTEGER; ;) {
    const batch = await sql.select(
      `SELECT ${ENTRY_COLUMNS} FROM journal WHERE seq IS NULL AND n > ? AND n <= ? ORDER BY n LIMIT ${BATCH}`,
      [n, last],
    );
    if (batch.length === 0) break;
    const faults = await macFaults(keys, batch);
    const bad = new Set(faults.map(one => one.n));
    findings.fault(...faults);
    copies.add(batch.flatMap(entry => (bad.has(Number(entry.n)) ? [] : markOf(String(entry.mac)))));
    findings.warn(...batch.flatMap(entry => times.look(entry) ?? []));
    told(batch.length);
    // A server that verifies goes on serving.
    await new Promise(resolve => setImmediate(resolve));
    // Of an entry that somebody else wrote, the time says nothing.
    const [first] = batch.filter(entry => String(entry.at) < edge && !bad.has(Number(entry.n)));
    if (first && stale.length === 0) stale.push(first);
    n = Number(batch.at(-1)?.n);
  }
  for (const entry of stale) {
    await sleep(GRACE_MS);
    const still = await sql.select('SELECT n FROM journal WHERE n = ? AND seq IS NULL', [Number(entry.n)]);
    if (still.length > 0)
      findings.fault(
        entryFault(
          'stopped',
          entry,
          'and perhaps others wait to be sealed for more than ten seconds: the sequencer stopped',
        ),
      );
  }
}

/** Entries at places that were never sealed. */
async function strangers(sql: Sql): Promise<JournalFault[]> {
  const rows = await sql.select(
    'SELECT n, seq, id, at FROM journal WHERE seq < 1 OR seq > (SELECT size FROM audit_head) ORDER BY seq LIMIT 100',
  );
  return rows.map(entry => entryFault('place', entry, 'is at a place that was never sealed'));
}
