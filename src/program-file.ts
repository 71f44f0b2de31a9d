import Module from 'node:module';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cachedDataVersionTag } from 'node:v8';
import { runCompiled } from './formats/compiled-script.js';
import type * as Program from './program.js';

const FILE = fileURLToPath(new URL('./program.cjs', import.meta.url));
const BUILD = fileURLToPath(new URL('..', import.meta.url));
/** Bytes compiled for each of the source: 0.4 and more where everything was loaded, 0.2 where help was shown. */
const WHOLE = 0.35;

/** With `--enable-source-maps` traces name the sources; Node.js looks for the map of a module, not of a script. */
const mapped = process.sourceMapsEnabled ? new Module(FILE) : undefined;
(mapped as { _compile?(code: string, file: string): void } | undefined)?._compile?.(
  `//# sourceMappingURL=${basename(FILE)}.map`,
  FILE,
);

/**
 * Runs the file that the build makes of the program, with what V8 compiled of it when `entry` was started before:
 * compiling takes longer than anything else in a start. It is kept for each version of Node.js and its flags.
 *
 * @returns `keep`, to be called when what a start needs has run
 */
export function loadProgram(entry: 'main' | 'cli'): { program: typeof Program.program; keep: () => void } {
  const use = `${entry}-${cachedDataVersionTag()}`;
  const { exports, keep } = runCompiled<typeof Program>(FILE, { beside: BUILD, use, least: WHOLE });
  return { program: exports.program, keep };
}
