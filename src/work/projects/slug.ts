import { normalized } from '../../formats/normalized.js';

const MAX = 80;

/** `Straße & Söhne 2.0` → `strasse-sohne-2-0`; `project` where nothing is left. */
export function slugOf(name: string): string {
  const plain = normalized(name.toLowerCase().replaceAll('ß', 'ss'), 'NFKD').replace(/\p{Mark}/gu, '');
  const words = plain.match(/[a-z0-9]+/g) ?? ['project'];
  return words.join('-').slice(0, MAX).replace(/-$/, '');
}

/** The slug itself, or with the lowest free number from 2 on. */
export function freeSlug(slug: string, taken: ReadonlySet<string>): string {
  if (!taken.has(slug)) return slug;
  for (let n = 2; ; n++) if (!taken.has(`${slug}-${n}`)) return `${slug}-${n}`;
}
