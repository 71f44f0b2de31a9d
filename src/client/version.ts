import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder with the package.json of this program, wherever it was built to. */
function programFolder(from = __dirname): string {
  if (existsSync(join(from, 'package.json')) || dirname(from) === from) return from;
  return programFolder(dirname(from));
}

/** The version in the package.json of this program. */
export function programVersion(): string {
  return (JSON.parse(readFileSync(join(programFolder(), 'package.json'), 'utf8')) as { version: string })
    .version;
}
