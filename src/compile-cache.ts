import module from 'node:module';
import { fileURLToPath } from 'node:url';

/** What Node.js 22.8 and newer have beside what the types of Node.js 20 know. */
interface CompileCache {
  enableCompileCache?(folder: string): unknown;
}

/**
 * Lets Node.js keep what it compiles beside the build, where it can: the next start is spared the work. Called before
 * anything else is loaded; a folder that may not be written to is no problem. Never the temporary folder, which Node.js
 * would choose: others can write there.
 */
export function keepCompiled(): void {
  (module as CompileCache).enableCompileCache?.(fileURLToPath(new URL('../.compiled', import.meta.url)));
}
