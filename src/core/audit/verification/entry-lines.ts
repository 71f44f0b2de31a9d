import type { Dialect } from '../../database/sql.js';
import { storedOf } from '../../table/stored.js';
import { JournalEntry, LATER_MAC_COLUMNS } from '../journal-entry.entity.js';
import { LEAF_COLUMNS } from '../seals/entry-leaf.js';
import { MAC_DOMAIN } from '../journal-mac.js';
import { NUMBERS, TOLERANCE_MS } from './entry-checks.js';

/** A field of a line, and what becomes of it. */
export interface LineField {
  name: string;
  /** A sign stands before the value; without it there is none. */
  optional: boolean;
  /** Its place in the leaf and in the MAC; null where it is in neither. */
  order: number | null;
  /** In the MAC with its name, and only where it is set. */
  later: boolean;
  isNumber: boolean;
  /** A text of JSON; they are the last of a line. */
  isJson: boolean;
}

/** How entries are written as lines, and what the thread has to know to read them. */
export interface LineShape {
  separator: string;
  fields: LineField[];
  domain: string;
  tolerance_ms: number;
}

/** What a thread begins with: where it may read itself, the file and the statement. */
export interface ThreadStart {
  shape: LineShape;
  reads?: { driver: string; file: string; text: string };
}

/** The `count` places behind `from`. */
export interface CheckTask {
  from: number;
  count: number;
  /** The entries that there are; absent where the thread reads them. */
  lines?: string[];
  /** Of MACs, by version. */
  keys: ReadonlyMap<number, Uint8Array>;
}

/** An entry that is not as it was written: of another MAC, or of a key that is not there; or one for the plain form. */
export interface OddEntry {
  is: 'mac' | 'key' | 'plain';
  n: number;
  seq: number;
  id: string;
  at: string;
}

export interface CheckedEntries {
  /** How many entries there are. */
  entries: number;
  /** The hashes of the leaves, one after another; zeros where there is none. */
  leaves: Uint8Array;
  /** 1 for each place at which there is an entry. */
  isThere: Uint8Array;
  /** The beginnings of MACs (`Copies`) at these places; NaN where there is none, or no good one. */
  marks: Float64Array;
  /** The hash over each whole tile of them, one after another, where `from` is the first of a tile. */
  roots: Uint8Array;
  odd: OddEntry[];
  /** The first and the last time as stored, and whether times fall by more than is tolerated. */
  earliest: string;
  latest: string;
  falls: boolean;
  /** Of all lines. */
  characters: number;
}

const JSON_FIELDS = ['details', 'changes'];
const SEPARATOR = 0x1f;
const names = ['n', 'seq', ...LEAF_COLUMNS.filter(name => !JSON_FIELDS.includes(name)), ...JSON_FIELDS];

const stored = storedOf(JournalEntry).byName;
const fields = names.map((name): LineField => {
  const order = LEAF_COLUMNS.indexOf(name);
  return {
    name,
    optional: name !== 'seq' && stored.get(name)?.nullable === true,
    order: order < 0 ? null : order,
    later: (LATER_MAC_COLUMNS as readonly string[]).includes(name),
    isNumber: name === 'mac_key_version',
    isJson: JSON_FIELDS.includes(name),
  };
});

export const LINE_SHAPE: LineShape = {
  separator: String.fromCharCode(SEPARATOR),
  fields,
  domain: MAC_DOMAIN,
  tolerance_ms: TOLERANCE_MS,
};

/** A blob with the bytes of a text is no such text: no filter finds it (SQLite). */
const TYPED = fields
  .map(({ name, optional }) => {
    const type = NUMBERS.has(name) ? "'integer'" : "'text'";
    return optional ? `typeof(${name}) IN (${type}, 'null')` : `typeof(${name}) = ${type}`;
  })
  .join(' AND ');

/** The entries behind a place up to another, as lines. */
export function linesSql(dialect: Dialect): string {
  return `SELECT ${lineSql(dialect)} AS line FROM journal WHERE seq > ? AND seq <= ? ORDER BY seq`;
}

/**
 * An entry as one text: a driver makes one of it in the time that it takes for two columns. A value that must not be null
 * and is, one of another type, and one that holds the separator put one more separator into it: then there are more parts
 * than fields, whatever the others hold.
 */
function lineSql(dialect: Dialect): string {
  const separator = dialect === 'sqlite' ? `char(${SEPARATOR})` : `CHAR(${SEPARATOR} USING utf8mb4)`;
  const signed = (name: string) => (dialect === 'sqlite' ? `'+' || ${name}` : `CONCAT('+', ${name})`);
  const parts = fields.map(({ name, optional }) =>
    optional ? `IFNULL(${signed(name)}, '')` : `IFNULL(${name}, ${separator})`,
  );
  // On MariaDB a column has values of one type.
  if (dialect === 'sqlite') parts.push(`${parts.pop()} || IIF(${TYPED}, '', ${separator})`);
  return `CONCAT_WS(${separator}, ${parts.join(', ')})`;
}
