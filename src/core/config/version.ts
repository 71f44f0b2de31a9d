import { readFileSync } from 'node:fs';
import { ownFile } from './own-file.js';

/** The version in the package.json of this program. */
export function programVersion(): string {
  return (JSON.parse(readFileSync(ownFile('package.json'), 'utf8')) as { version: string }).version;
}
