import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

// Inside of the project, so that its packages are found.
const FOLDER = join(process.cwd(), 'test-output', 'server');

let built: Promise<string> | undefined;

/** Builds the server as `npm run build` does, once, into a folder of the tests' own; answers with that folder. */
export function buildServer(): Promise<string> {
  const args = ['scripts/build.mjs', '--out', FOLDER, '--no-types', '--if-stale'];
  return (built ??= promisify(execFile)(process.execPath, args).then(() => FOLDER));
}
