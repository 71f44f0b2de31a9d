import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

const CHECKSUM_BYTES = 4;
const OF_OTHERS = 0o022;

/** A script that has run. */
export interface Compiled<T> {
  exports: T;
  /** To be called when what a start needs has run: keeps what V8 has compiled by then, where nothing that fits is kept. */
  keep: () => void;
}

/** The folder of what is kept: beside the program, because what is in it is run, and no variable says where it is. */
export const COMPILED = '.compiled';

export interface Kept {
  /** The folder of the program. */
  beside: string;
  /** What is done with the script: each use has other functions compiled. */
  use: string;
  /** Bytes compiled for each of the source below which it is not worth to be kept (0). */
  least?: number;
  /** That of a file in the folder of the script; made when absent, which takes a while. */
  require?: NodeJS.Require;
}

/**
 * Whether it is of that source and unharmed, which is all that is to be found out: who could make one that fits could as well
 * change the source. To load `node:crypto` would take a prompt more of its time than this saves.
 */
function checksumOf(source: Buffer, data: Buffer): Buffer {
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32BE(crc32(data, crc32(source)));
  return checksum;
}

/** Of this user or of root, and written by nobody else; Windows has no such modes. */
const isOurs = ({ uid, mode }: Stats) =>
  process.geteuid === undefined || ([0, process.geteuid()].includes(uid) && (mode & OF_OTHERS) === 0);

/** Whether nobody else puts files into the folder, or another folder behind its name. */
function isOurFolder(folder: string): boolean {
  const stat = lstatSync(folder);
  return stat.isDirectory() && isOurs(stat);
}

function readOwn(file: string): Buffer | undefined {
  if (!isOurFolder(dirname(file))) return undefined;
  const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;
  const open = openSync(file, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  try {
    const stat = fstatSync(open);
    return stat.isFile() && isOurs(stat) ? readFileSync(open) : undefined;
  } finally {
    closeSync(open);
  }
}

/** What was kept for exactly this source, if it is unharmed: V8 does not look, and would crash. */
function readKept(file: string, source: Buffer): Buffer | undefined {
  try {
    const kept = readOwn(file);
    const data = kept?.subarray(CHECKSUM_BYTES);
    return data && checksumOf(source, data).equals(kept!.subarray(0, CHECKSUM_BYTES)) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** Makes the folder unless it is there, not its parents: where a program was removed meanwhile nothing is left behind. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  mkdirSync(folder, { mode: 0o755 });
  // Whatever the umask: others may use what is kept, too.
  chmodSync(folder, 0o755);
}

function writeKept(file: string, source: Buffer, data: Buffer): void {
  const made = `${file}.${process.pid}`;
  try {
    makeFolder(dirname(file));
    if (!isOurFolder(dirname(file))) return;
    try {
      writeFileSync(made, Buffer.concat([checksumOf(source, data), data]), { flag: 'wx', mode: 0o644 });
      renameSync(made, file);
    } finally {
      rmSync(made, { force: true });
    }
  } catch {
    // A folder that may not be written to, or a full disk, is no problem: the next start takes longer.
  }
}

/**
 * Runs a file of CommonJS, in ASCII as the build writes it, with what V8 compiled of it when it was run before: compiling takes
 * longer than reading that. Where nothing fits (another source, another Node.js, other flags), everything is
 * compiled.
 */
export function runCompiled<T>(script: string, { beside, use, least = 0, require }: Kept): Compiled<T> {
  const file = join(beside, COMPILED, `${use}-${process.version}-${process.arch}`);
  const source = readFileSync(script);
  const cachedData = readKept(file, source);
  const code = `(function (exports, require, module, __filename, __dirname) { 'use strict'; ${source.toString('latin1')}\n})`;
  const compiled = new Script(code, { filename: script, cachedData });
  const loaded = { exports: {} as T };
  const run = compiled.runInThisContext() as (...given: unknown[]) => void;
  const required = require ?? process.getBuiltinModule('node:module').createRequire(script);
  run(loaded.exports, required, loaded, script, dirname(script));
  const keep = () => {
    if (cachedData && !compiled.cachedDataRejected) return;
    const data = compiled.createCachedData();
    if (data.length > least * source.length) writeKept(file, source, data);
  };
  return { exports: loaded.exports, keep };
}
