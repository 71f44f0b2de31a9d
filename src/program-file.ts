import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cachedDataVersionTag } from 'node:v8';
import { Script } from 'node:vm';
import type * as Program from './program.js';

const FILE = fileURLToPath(new URL('./program.cjs', import.meta.url));
/** Beside the build, and never the temporary folder, where others can write: what is in it is run. */
const KEPT = fileURLToPath(new URL('../.compiled/', import.meta.url));
const DIGEST_BYTES = 32;
/** Bytes compiled for each of the source: 0.4 and more where everything was loaded, 0.2 where help was shown. */
const WHOLE = 0.35;

const digestOf = (source: Buffer, data: Buffer) => createHash('sha256').update(source).update(data).digest();

/** What was kept for exactly this source, if it is unharmed: V8 does not look, and would crash. */
function readKept(file: string, source: Buffer): Buffer | undefined {
  try {
    const kept = readFileSync(file);
    const data = kept.subarray(DIGEST_BYTES);
    return digestOf(source, data).equals(kept.subarray(0, DIGEST_BYTES)) ? data : undefined;
  } catch {
    return undefined;
  }
}

function writeKept(file: string, source: Buffer, data: Buffer): void {
  const made = `${file}.${process.pid}`;
  try {
    mkdirSync(KEPT, { recursive: true });
    try {
      writeFileSync(made, Buffer.concat([digestOf(source, data), data]));
      renameSync(made, file);
    } finally {
      rmSync(made, { force: true });
    }
  } catch {
    // A folder that may not be written to, or a full disk, is no problem: the next start takes longer.
  }
}

/** With `--enable-source-maps` traces name the sources; Node.js looks for the map of a module, not of a script. */
const mapped = process.sourceMapsEnabled ? new Module(FILE) : undefined;
(mapped as { _compile?(code: string, file: string): void } | undefined)?._compile?.(
  `//# sourceMappingURL=${basename(FILE)}.map`,
  FILE,
);

/**
 * Runs the file that the build makes of the program, with what V8 compiled of it when `entry` was started before:
 * compiling takes longer than anything else in a start. It is kept for each version of Node.js and its flags; where
 * nothing fits, everything is compiled.
 *
 * @returns `keep`, to be called when what a start needs has run
 */
export function loadProgram(entry: 'main' | 'cli'): { program: typeof Program.program; keep: () => void } {
  const source = readFileSync(FILE);
  const file = `${KEPT}${entry}-${process.version}-${process.arch}-${cachedDataVersionTag()}`;
  const cachedData = readKept(file, source);
  // The build writes ASCII alone.
  const code = `(function (module, require, __filename) { 'use strict'; ${source.toString('latin1')}\n})`;
  const script = new Script(code, { filename: FILE, cachedData });
  const loaded = {} as { exports: typeof Program };
  (script.runInThisContext() as (...given: unknown[]) => void)(loaded, createRequire(FILE), FILE);
  const keep = () => {
    if (cachedData && !script.cachedDataRejected) return;
    const data = script.createCachedData();
    if (data.length > WHOLE * source.length) writeKept(file, source, data);
  };
  return { program: loaded.exports.program, keep };
}
