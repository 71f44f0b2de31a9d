import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Puts a file, or a folder with everything in it, into the `.gitignore` of its folder, unless it is there. */
export function ignoreInGit(path: string): void {
  const file = join(dirname(path), '.gitignore');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const there = new Set(text.split(/\r?\n/).map(line => line.trim()));
  const line = `/${basename(path)}`;
  if (there.has('*') || there.has(line)) return;
  appendFileSync(file, `${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`);
}
