import { readFile, stat } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { Found } from './lookup.js';

/** The names that this machine knows without asking anybody (hosts(5)); read again when the file has changed. */
export class HostsFile {
  private known = new Map<string, Found[]>();
  private readAt = NaN;

  constructor(private readonly path = '/etc/hosts') {}

  /** @returns nothing for a name that is not there, and where there is no such file */
  async find(host: string): Promise<Found[]> {
    try {
      const { mtimeMs } = await stat(this.path);
      if (mtimeMs !== this.readAt) this.known = namesOf(await readFile(this.path, 'utf8'));
      this.readAt = mtimeMs;
    } catch {
      return [];
    }
    return this.known.get(host) ?? [];
  }
}

function namesOf(text: string): Map<string, Found[]> {
  const known = new Map<string, Found[]>();
  for (const line of text.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    const family = isIP(address);
    if (family === 0) continue;
    for (const name of new Set(names.map(one => one.toLowerCase())))
      known.set(name, [...(known.get(name) ?? []), { address, family }]);
  }
  return known;
}
