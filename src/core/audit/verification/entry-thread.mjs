// @ts-check
// The threads behind `EntryThreads`: MACs and leaves of entries, as `journal-mac.ts` and `entry-leaf.ts` say them in plain,
// at a fifth of the cost: an entry is one text that is split once, and what is hashed is put together of its parts. What is
// out of the ordinary is left to the plain form, with which a property test compares it. Plain JavaScript, so that it is
// the same file in the build and under a test runner; the lint checks its types.
import { hash, timingSafeEqual } from 'node:crypto';
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';

/**
 * @typedef {import('./entry-lines.js').ThreadStart} ThreadStart
 * @typedef {import('./entry-lines.js').CheckTask} CheckTask
 * @typedef {import('./entry-lines.js').CheckedEntries} CheckedEntries
 * @typedef {(string | null)[]} Values those of a line, in its order
 */

/** @type {ThreadStart} */
const { shape, reads } = workerData;
const { separator, fields, domain, tolerance_ms } = shape;
const HASH_BYTES = 32;
const TILE_WIDTH = 256;
/** Bytes of a block of SHA-256, with which HMAC begins (RFC 2104). */
const BLOCK = 64;
/** Characters of a line that is looked at here: its leaf has less than the 65,535 bytes from which on it is another. */
const LONGEST = 10_000;
const NULL = '\xff\xff\xff\xff';
/** What JSON escapes. */
const SPECIAL = /["\\\0-\x1e]/;
/** Of a MAC, in hex: as many as a number holds. */
const MARK_DIGITS = 13;
const NUMBER = /^[1-9]\d{0,14}$/;

/** Its length before a text of ASCII, as `lengthPrefixed` has it. @param {number} length */
const prefix = length =>
  String.fromCharCode(length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255);
const PREFIXES = Array.from({ length: 512 }, (_, length) => prefix(length));
/** @param {string} text */
const prefixed = text => (PREFIXES[text.length] ?? prefix(text.length)) + text;

const START = prefixed(domain);
/** @param {string} name */
const placeOf = name => fields.findIndex(one => one.name === name);
const [SEQ, AT, MAC, VERSION] = [placeOf('seq'), placeOf('at'), placeOf('mac'), placeOf('mac_key_version')];
const optional = fields.flatMap((one, place) => (one.optional ? [place] : []));
/** Those of JSON are at the end. */
const ordinary = fields.filter(one => !one.isJson).length;
const parts = fields
  .map((field, place) => ({ ...field, place }))
  .filter(one => one.order !== null)
  .sort((a, b) => Number(a.order) - Number(b.order));
const macParts = parts.filter(one => one.place !== MAC);
// By part, side by side: twenty of them are looked at for each entry.
const places = parts.map(one => one.place);
const isText = parts.map(one => !one.isNumber && !one.isJson);
const isNumber = parts.map(one => one.isNumber);
const keys = parts.map(one => `,"${one.name}":`);
const textKeys = keys.map(key => `${key}"`);
const macPlaces = macParts.map(one => one.place);
/** From here on they are in the MAC with their names, and only where they are set. */
const firstLater = macParts.findIndex(one => one.later);
const macNames = macParts.map(one => prefixed(one.name));

const inner = Buffer.alloc(BLOCK + 4 * LONGEST);
const outer = Buffer.alloc(BLOCK + HASH_BYTES);
const expected = Buffer.alloc(2 * HASH_BYTES);
const found = Buffer.alloc(2 * HASH_BYTES);
const pair = Buffer.alloc(1 + 2 * HASH_BYTES, 1);

/** @param {Values} values @param {number} place */
const textOf = (values, place) => values[place] ?? '';

/** Begins HMAC-SHA256 (RFC 2104). @param {Uint8Array} key of a block at most */
function take(key) {
  inner.fill(0x36, 0, BLOCK);
  outer.fill(0x5c, 0, BLOCK);
  key.forEach((byte, at) => {
    inner[at] = byte ^ 0x36;
    outer[at] = byte ^ 0x5c;
  });
}

/** Whether it is the MAC of the message in `inner`. @param {number} length in bytes @param {string} mac */
function fits(length, mac) {
  outer.write(hash('sha256', inner.subarray(0, BLOCK + length), 'binary'), BLOCK, 'latin1');
  expected.write(hash('sha256', outer, 'hex'), 0, 'latin1');
  const isWhole = mac.length === found.length && found.write(mac) === found.length;
  return isWhole && timingSafeEqual(expected, found);
}

/** Writes what the MAC covers, where all of it is ASCII; its length. @param {Values} values */
function writeMessage(values) {
  let message = START;
  for (let n = 0; n < macPlaces.length; n++) {
    const value = values[macPlaces[n] ?? 0] ?? null;
    if (n < firstLater) message += value === null ? NULL : prefixed(value);
    else if (value !== null) message += macNames[n] + prefixed(value);
  }
  return inner.write(message, BLOCK, 'latin1');
}

/** The same of any entry. @param {Values} values */
function writeWideMessage(values) {
  let at = BLOCK + inner.write(START, BLOCK, 'latin1');
  for (let n = 0; n < macPlaces.length; n++) {
    const value = values[macPlaces[n] ?? 0] ?? null;
    const isLater = n >= firstLater;
    if (isLater && value !== null) at += inner.write(macNames[n] ?? '', at, 'latin1');
    if (value !== null) {
      const length = inner.write(value, at + 4);
      inner.writeUInt32BE(length, at);
      at += 4 + length;
    } else if (!isLater) at += inner.write(NULL, at, 'latin1');
  }
  return at - BLOCK;
}

/** @param {Values} values @param {boolean} isSpecial whether JSON escapes something of what is not JSON itself */
function jsonOf(values, isSpecial) {
  let json = `{"seq":${values[SEQ]}`;
  for (let n = 0; n < places.length; n++) {
    const value = values[places[n] ?? 0] ?? null;
    if (value === null) continue;
    if (isText[n] && !isSpecial) json += `${textKeys[n]}${value}"`;
    else json += keys[n] + (isNumber[n] ? value : JSON.stringify(value));
  }
  return `${json}}`;
}

/** Undefined where it is for the plain form. @param {string} line @returns {Values | undefined} */
function valuesOf(line) {
  if (line.length > LONGEST) return undefined;
  /** @type {Values} */
  const values = line.split(separator);
  if (values.length !== fields.length) return undefined;
  for (const place of optional) {
    const value = values[place];
    values[place] = value ? value.slice(1) : null;
  }
  return NUMBER.test(textOf(values, SEQ)) && NUMBER.test(textOf(values, VERSION)) ? values : undefined;
}

/** @param {string} line @param {Values} values */
function hasSpecial(line, values) {
  let length = line.length;
  for (let place = ordinary; place < fields.length; place++)
    length -= 1 + (values[place] === null ? 0 : 1 + textOf(values, place).length);
  return SPECIAL.test(line.slice(0, length));
}

/** The hash over a whole tile (RFC 6962, section 2.1). @param {Buffer} tile */
function rootOf(tile) {
  let level = tile;
  while (level.length > HASH_BYTES) {
    const next = Buffer.allocUnsafe(level.length / 2);
    for (let at = 0; at < next.length; at += HASH_BYTES) {
      level.copy(pair, 1, 2 * at, 2 * at + 2 * HASH_BYTES);
      next.write(hash('sha256', pair, 'binary'), at, 'latin1');
    }
    level = next;
  }
  return level;
}

/** The times of entries in their order, as they are stored. */
class Times {
  earliest = '';
  latest = '';
  falls = false;

  /** @param {string} at */
  look(at) {
    if (this.earliest === '' || at < this.earliest) this.earliest = at;
    if (at >= this.latest) this.latest = at;
    else this.falls ||= !(Date.parse(`${this.latest}Z`) - Date.parse(`${at}Z`) <= tolerance_ms);
  }
}

/** As in `copies.ts`. @param {string} mac */
const markOf = mac => parseInt(mac.slice(0, MARK_DIGITS), 16);

/** A statement on a connection of its own, where the database is a file. */
function prepared() {
  if (!reads) return undefined;
  /** @type {typeof import('better-sqlite3')} */
  const Database = createRequire(import.meta.url)(reads.driver);
  return new Database(reads.file, { readonly: true, timeout: 1_000 }).prepare(reads.text).pluck();
}
const statement = prepared();

/** @param {string} line @param {'mac' | 'key' | 'plain'} is @returns {CheckedEntries['odd'][number]} */
function oddOf(line, is) {
  const [n, seq, id = '', at = ''] = line.split(separator, 4);
  return { is, n: Number(n), seq: Number(seq), id, at };
}

/** @param {CheckTask} task @returns {CheckedEntries} */
function check({
  from,
  count,
  keys: macKeys,
  lines = /** @type {string[]} */ (statement?.all(from, from + count)),
}) {
  const leaves = Buffer.from(new ArrayBuffer(count * HASH_BYTES));
  const isThere = new Uint8Array(count);
  const marks = new Float64Array(count).fill(NaN);
  /** @type {CheckedEntries['odd']} */
  const odd = [];
  const times = new Times();
  let [version, isKnown, characters] = ['', false, 0];
  for (const line of lines) {
    characters += line.length;
    const values = valuesOf(line);
    const place = values ? Number(values[SEQ]) - from - 1 : -1;
    if (!values || !(place >= 0 && place < count)) {
      odd.push(oddOf(line, 'plain'));
      continue;
    }
    if (textOf(values, VERSION) !== version) {
      version = textOf(values, VERSION);
      const key = macKeys.get(Number(version));
      isKnown = key !== undefined;
      if (key) take(key);
    }
    const isWide = Buffer.byteLength(line) !== line.length;
    if (!isKnown) odd.push(oddOf(line, 'key'));
    else if (!fits(isWide ? writeWideMessage(values) : writeMessage(values), textOf(values, MAC)))
      odd.push(oddOf(line, 'mac'));
    else marks[place] = markOf(textOf(values, MAC));
    times.look(textOf(values, AT));
    const json = jsonOf(values, hasSpecial(line, values));
    leaves.write(hash('sha256', `\0${json}`, 'binary'), place * HASH_BYTES, 'latin1');
    isThere[place] = 1;
  }
  const { earliest, latest, falls } = times;
  const roots = rootsOf(leaves, from);
  return { entries: lines.length, leaves, isThere, marks, roots, odd, earliest, latest, falls, characters };
}

/** Of whole tiles. @param {Buffer} leaves @param {number} from */
function rootsOf(leaves, from) {
  const bytes = TILE_WIDTH * HASH_BYTES;
  const whole = from % TILE_WIDTH === 0 ? Math.floor(leaves.length / bytes) : 0;
  const roots = Buffer.from(new ArrayBuffer(whole * HASH_BYTES));
  for (let tile = 0; tile < whole; tile++)
    rootOf(leaves.subarray(tile * bytes, (tile + 1) * bytes)).copy(roots, tile * HASH_BYTES);
  return roots;
}

parentPort?.on('message', ({ input }) => {
  const began = performance.now();
  /** @type {{ output?: CheckedEntries, failed?: boolean, code?: string }} */
  let answer;
  try {
    answer = { output: check(input) };
  } catch (error) {
    answer = { failed: true, code: /** @type {{ code?: string }} */ (error).code };
  }
  // No key outlives its use.
  inner.fill(0);
  outer.fill(0);
  const moved = answer.output ? [answer.output.leaves.buffer, answer.output.roots.buffer] : [];
  parentPort?.postMessage(
    { ...answer, took_ms: performance.now() - began },
    /** @type {ArrayBuffer[]} */ (moved),
  );
});
parentPort?.postMessage('ready');
