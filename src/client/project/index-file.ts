import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { readFileBytes } from '../read-file.js';
import type { Repository } from './repository.js';

/** A file as the index of git has it (gitformat-index(5)). */
interface Entry {
  path: string;
  /** Whether git does not look at it either: assumed to be unchanged, or not checked out. */
  isLeftOut: boolean;
  /** Whole seconds, and the nanoseconds beside them. */
  seconds: number;
  nanoseconds: number;
  mode: number;
  size: number;
  /** Hexadecimal. */
  hash: string;
}

const MOST_BYTES = 32 << 20;
const MOST_OF_FILE = 1 << 20;
/** What is read in order to compare, and how long it may take. */
const MOST_READ = 16 << 20;
const PATIENCE_MS = 2_000;
const MOST_OF_NAME = 4_096;
const HEADER_BYTES = 12;
const FIXED_BYTES = 40;
const LINK = 0o120000;
const FILE = 0o100000;
const KIND = 0o170000;
const EXTENDED = 0x4000;
const ASSUMED_UNCHANGED = 0x8000;
const SKIPPED = 0x4000;

/** The entries of an index of version 2 to 4; ends where it is broken, or a name is too long for a path. */
export function* entriesIn(bytes: Buffer, hashBytes = 20): Generator<Entry> {
  if (bytes.length < HEADER_BYTES || bytes.toString('latin1', 0, 4) !== 'DIRC') return;
  const version = bytes.readUInt32BE(4);
  if (version < 2 || version > 4) return;
  let at = HEADER_BYTES;
  let before = Buffer.alloc(0);
  for (let left = bytes.readUInt32BE(8); left > 0; left--) {
    const flagsAt = at + FIXED_BYTES + hashBytes;
    if (flagsAt + 4 > bytes.length) return;
    const flags = bytes.readUInt16BE(flagsAt);
    const isExtended = version > 2 && (flags & EXTENDED) !== 0;
    let nameAt = flagsAt + (isExtended ? 4 : 2);
    let shared = Buffer.alloc(0);
    if (version === 4) {
      // How much of the name before is not in this one, seven bits to a byte.
      let dropped = 0;
      for (let byte = 0x80, first = true; (byte & 0x80) !== 0; first = false) {
        byte = bytes[nameAt++] ?? 0;
        dropped = (first ? 0 : dropped + 1) * 128 + (byte & 0x7f);
      }
      if (dropped > before.length) return;
      shared = before.subarray(0, before.length - dropped);
    }
    const end = bytes.indexOf(0, nameAt);
    if (end === -1 || shared.length + end - nameAt > MOST_OF_NAME) return;
    const name = Buffer.concat([shared, bytes.subarray(nameAt, end)]);
    const isLeftOut =
      (flags & ASSUMED_UNCHANGED) !== 0 || (isExtended && (bytes.readUInt16BE(flagsAt + 2) & SKIPPED) !== 0);
    yield {
      path: name.toString('utf8'),
      isLeftOut,
      seconds: bytes.readUInt32BE(at + 8),
      nanoseconds: bytes.readUInt32BE(at + 12),
      mode: bytes.readUInt32BE(at + 24),
      size: bytes.readUInt32BE(at + 36),
      hash: bytes.toString('hex', at + FIXED_BYTES, flagsAt),
    };
    before = name;
    // Names are filled up with zeros to a multiple of eight bytes.
    at = version === 4 ? end + 1 : at + Math.ceil((end + 1 - at) / 8) * 8;
  }
}

/** Nothing that leads out of the working tree. */
const isInside = (path: string) =>
  path !== '' && !/^[/\\]|^[a-z]:|\0/i.test(path) && !path.split(/[/\\]/).includes('..');

/**
 * At most so many paths whose files are not as the index has them. An index of unknown form has none.
 *
 * @param isLong whether the repository names things by SHA-256, not by SHA-1
 */
export function differing({ root, folder }: Repository, most: number, isLong = false): string[] {
  const bytes = readFileBytes(join(folder, 'index'), { most: MOST_BYTES });
  if (!bytes) return [];
  const deadline = Date.now() + PATIENCE_MS;
  const found: string[] = [];
  let left = MOST_READ;
  for (const entry of entriesIn(bytes, isLong ? 32 : 20)) {
    if (found.length === most || left <= 0 || Date.now() > deadline) break;
    const kind = entry.mode & KIND;
    if (entry.isLeftOut || !isInside(entry.path) || (kind !== FILE && kind !== LINK)) continue;
    const path = join(root, entry.path);
    const stat = statOf(path);
    if (stat && isAsListed(stat, entry)) continue;
    const content = stat && contentOf(path, stat);
    left -= content?.length ?? 0;
    if (!content || hashOf(content, isLong) !== entry.hash) found.push(entry.path);
  }
  return found;
}

function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}

function isAsListed({ size, mtimeMs }: Stats, entry: Entry): boolean {
  const isSameSecond = Math.floor(mtimeMs / 1000) % 2 ** 32 === entry.seconds;
  // Not every git keeps parts of seconds; what is rounded on the way differs by one.
  const milliseconds = Math.abs((mtimeMs % 1000) - entry.nanoseconds / 1e6);
  const isSameTime = isSameSecond && (entry.nanoseconds === 0 || milliseconds < 1.5);
  return size === entry.size && size > 0 && isSameTime;
}

function contentOf(path: string, stat: Stats): Buffer | undefined {
  if (!stat.isSymbolicLink()) return readFileBytes(path, { most: MOST_OF_FILE });
  try {
    return Buffer.from(readlinkSync(path));
  } catch {
    return undefined;
  }
}

/** What hashes is loaded for it alone: a prompt hashes no file. */
const hashOf = (content: Buffer, isLong: boolean) =>
  process
    .getBuiltinModule('node:crypto')
    .createHash(isLong ? 'sha256' : 'sha1')
    .update(`blob ${content.length}\0`)
    .update(content)
    .digest('hex');
