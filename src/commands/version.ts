import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The version in the package.json of this program, wherever it was compiled to. */
export function programVersion(folder = dirname(fileURLToPath(import.meta.url))): string {
  const path = join(folder, 'package.json');
  if (existsSync(path)) return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
  if (dirname(folder) === folder) throw new Error('The package.json of Opskeep is not there');
  return programVersion(dirname(folder));
}
