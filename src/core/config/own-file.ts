import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The path of a file at the root of this program, beside its package.json, wherever it was compiled to.
 *
 * @throws Error when it is not there
 */
export function ownFile(name: string, folder = dirname(fileURLToPath(import.meta.url))): string {
  if (existsSync(join(folder, 'package.json'))) {
    const path = join(folder, name);
    if (!existsSync(path)) throw new Error(`${path}, a part of Opskeep, is not there`);
    return path;
  }
  if (dirname(folder) === folder) throw new Error('The package.json of Opskeep is not there');
  return ownFile(name, dirname(folder));
}
