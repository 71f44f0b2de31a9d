const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/** Any UUID of RFC 9562, in upper or lower case. */
export function isUuid(value: string): boolean {
  return UUID.test(value);
}

/** A real calendar date between 1000 and 9999 (the range of both databases). */
function isRealDay(value: string): boolean {
  const time = Date.parse(`${value}T00:00:00Z`);
  return value >= '1000' && !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

/** ISO 8601 with an offset, inside what both databases can hold in UTC. */
export function isInstant(value: unknown): boolean {
  if (typeof value !== 'string' || !INSTANT.test(value) || !isRealDay(value.slice(0, 10))) return false;
  const time = Date.parse(value);
  return !Number.isNaN(time) && time >= Date.UTC(1000, 0, 2) && time <= Date.UTC(9999, 11, 30);
}

/** A calendar date, YYYY-MM-DD. */
export function isDay(value: unknown): boolean {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && isRealDay(value);
}

/** ISO 8601 with any offset → `YYYY-MM-DD HH:MM:SS.mmm` in UTC, as both databases store and order it. */
export function encodeMoment(iso: string): string {
  return new Date(iso).toISOString().slice(0, 23).replace('T', ' ');
}

export function decodeMoment(stored: string): string {
  return `${stored.slice(0, 10)}T${stored.slice(11)}Z`;
}

/** The same of a column that may be null. */
export function decodeMomentIfSet(stored: unknown): string | null {
  return typeof stored === 'string' ? decodeMoment(stored) : null;
}

/** The present moment, as ISO 8601 in UTC with milliseconds. */
export function now(): string {
  return new Date().toISOString();
}

export const DAY_MS = 86_400_000;

/** The moment so many milliseconds from now, or before it; as `now`. */
export function momentIn(ms: number): string {
  return new Date(Date.now() + ms).toISOString();
}

/** `12.5` → `12.50`: MariaDB gives the scale back, SQLite what was stored. */
export function padDecimal(value: string, scale: number): string {
  const [whole = '0', fraction = ''] = value.split('.');
  return `${whole}.${fraction.padEnd(scale, '0')}`;
}
