import {
  closeSync, constants, fdatasyncSync, fstatSync, ftruncateSync, readSync, renameSync, writeSync,
} from 'node:fs'; // prettier-ignore
import { timingSafeEqual } from 'node:crypto';
import { encodeBase64url } from '../../../formats/base64url.js';
import { hmacSha256 } from '../../../formats/derivation.js';
import { ioFault } from '../../disk/faults.js';
import { cutLog } from '../faults.js';
import { openGuarded, readGuarded } from '../../disk/guarded-files.js';
import { EMPTY_LOG, type Head } from './seen.js';

/** What was done: without values. */
export interface Deed {
  action: 'init' | 'set' | 'get' | 'delete' | 'rename' | 'import' | 'export' | 'restore' | 'accept';
  name?: string;
  /** The name before. */
  from?: string;
  type?: string;
  /** Of the version of the vault that a change makes. */
  counter?: number;
  /** The counter of the backup that was restored. */
  backup?: number;
}

/** A line of the log. */
export interface AuditEntry extends Deed {
  n: number;
  at: string;
}

const TAIL_BYTES = 8_192;
const LINE = /^(\{.*),"mac":"([\w-]{43})"\}$/;

// Each entry has a MAC over itself and the MAC before it: none can be changed, taken out or put in between.
const macOf = (key: Uint8Array, before: string, body: string) =>
  encodeBase64url(hmacSha256(key, `${before}\n${body}`));

/** The last whole line, and where it ends: what a killed process wrote of another was never acknowledged. */
function lastLine(file: number): { head: Head; end: number } {
  const { size } = fstatSync(file);
  const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
  const from = size - bytes.length;
  readSync(file, bytes, 0, bytes.length, from);
  const last = bytes.lastIndexOf('\n');
  if (last === -1) return { head: EMPTY_LOG, end: 0 };
  const line = bytes.toString('utf8', bytes.subarray(0, last).lastIndexOf('\n') + 1, last);
  const [, body = '{}', mac = ''] = LINE.exec(line) ?? [];
  const { n = -1 } = readBody(body);
  return { head: { n, mac }, end: from + last + 1 };
}

function readBody(body: string): Partial<AuditEntry> {
  try {
    return JSON.parse(`${body}}`) as Partial<AuditEntry>;
  } catch {
    return {};
  }
}

/**
 * Adds entries, under the lock of the vault. No end of the process undoes that; with `synced` they are on the disk, too,
 * when this returns, which takes longer than all the rest of reading a value.
 *
 * @param known where the log stood when it was last seen
 * @throws ClientError when the log ends before that, or cannot be written: then it is as it was
 */
export function appendDeeds(
  path: string,
  key: Uint8Array,
  deeds: Deed[],
  { known = EMPTY_LOG, synced = true }: { known?: Head; synced?: boolean } = {},
): Head {
  const file = openGuarded(path, constants.O_RDWR | constants.O_CREAT | constants.O_APPEND);
  if (file === undefined) throw ioFault(`${path} cannot be made`, { code: 'ENOENT' });
  try {
    const { head, end } = lastLine(file);
    if (head.n < known.n || (head.n === known.n && head.mac !== known.mac)) throw cutLog(path);
    const lines: string[] = [];
    let { n, mac } = head;
    const at = new Date().toISOString();
    for (const deed of deeds) {
      const body = JSON.stringify({ n: ++n, at, ...deed }).slice(0, -1);
      mac = macOf(key, mac, body);
      lines.push(`${body},"mac":"${mac}"}\n`);
    }
    if (end < fstatSync(file).size) ftruncateSync(file, end);
    writeAll(file, Buffer.from(lines.join('')), end);
    if (synced) fdatasyncSync(file);
    return { n, mac };
  } catch (error) {
    throw ioFault(`The audit log ${path} cannot be written`, error);
  } finally {
    closeSync(file);
  }
}

function writeAll(file: number, bytes: Buffer, before: number): void {
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
  } catch (error) {
    ftruncateSync(file, before);
    throw error;
  }
}

/** The log as it is: the entries up to the first that is not as it was written, which `broken` names. */
export interface AuditLog {
  entries: AuditEntry[];
  head: Head;
  /** The number of the first entry that does not follow from the one before. */
  broken?: number;
}

export function readAuditLog(path: string, key: Uint8Array): AuditLog {
  const lines = (readGuarded(path)?.toString('utf8') ?? '').split('\n').slice(0, -1);
  const entries: AuditEntry[] = [];
  let { mac: before } = EMPTY_LOG;
  for (const line of lines) {
    const [, body = '', mac = ''] = LINE.exec(line) ?? [];
    const expected = macOf(key, before, body);
    const isOurs = mac !== '' && timingSafeEqual(Buffer.from(mac), Buffer.from(expected));
    const head = { n: entries.length, mac: before };
    if (!isOurs) return { entries, head, broken: entries.length + 1 };
    entries.push(readBody(body) as AuditEntry);
    before = mac;
  }
  return { entries, head: { n: entries.length, mac: before } };
}

/** Where the log ends, for whoever takes it as it is: one that was altered is put aside, and another begins. */
export function settledLog(path: string, key: Uint8Array): Head {
  const { head, broken } = readAuditLog(path, key);
  if (broken === undefined) return head;
  renameSync(path, `${path}.altered-${Date.now()}`);
  return EMPTY_LOG;
}
