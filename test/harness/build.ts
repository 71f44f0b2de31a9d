import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

// Inside of the project, so that its packages are found.
const FOLDER = join(process.cwd(), 'test-output', 'server');

/** Builds the server as `npm run build` does, into a folder of the tests' own; answers with that folder. */
export async function buildServer(): Promise<string> {
  const args = ['scripts/build.mjs', '--out', FOLDER, '--no-types', '--if-stale'];
  await promisify(execFile)(process.execPath, args);
  return FOLDER;
}
