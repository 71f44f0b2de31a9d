import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { query } from './query.js';

/** Every table of a database with all of its rows, as text. */
export async function dumpOf(url: string): Promise<string> {
  const tables = await query<Record<string, string>>(
    url,
    url.startsWith('sqlite:') ? "SELECT name FROM sqlite_master WHERE type = 'table'" : 'SHOW TABLES',
  );
  const texts = tables
    .flatMap(one => Object.values(one))
    .map(async name => {
      const rows = await query(url, `SELECT * FROM ${name}`);
      return `${name}\n${rows.map(row => JSON.stringify(row)).join('\n')}`;
    });
  return (await Promise.all(texts)).join('\n');
}

/** The bytes of every file of a folder, by path. */
export function filesOf(folder: string): Map<string, Buffer> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
  return new Map(
    files.map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name))]),
  );
}

/** A secret as it might be written somewhere: plain, escaped, in base64, in hex. */
export function spellingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    // Without what depends on the neighbouring bytes.
    bytes.toString('base64').replace(/=+$/, '').slice(0, -1),
    bytes.toString('base64url').slice(0, -1),
    bytes.toString('hex'),
  ];
}
