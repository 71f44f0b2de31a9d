import { createHmac } from 'node:crypto';
import { lengthPrefixed } from '../../formats/length-prefixed.js';
import type { Row } from '../database/sql.js';
import { LATER_MAC_COLUMNS, MAC_COLUMNS } from './journal-entry.entity.js';

/** Stands before the values. */
export const MAC_DOMAIN = 'opskeep/journal';

/**
 * HMAC-SHA256 in hex over the length-prefixed stored values of MAC_COLUMNS; null and empty differ. Numbers
 * are taken in decimal. A later column that is set follows with its name, so that entries from before it was there
 * keep their MAC, and nobody can add or take a value.
 */
export function journalMac(key: Buffer, stored: Row): string {
  const values = MAC_COLUMNS.map(name => {
    const value = stored[name];
    return value === null || value === undefined ? null : String(value as string | number);
  });
  const later = LATER_MAC_COLUMNS.flatMap(name => {
    const value = stored[name];
    return value === null || value === undefined ? [] : [name, String(value as string | number)];
  });
  return createHmac('sha256', key)
    .update(lengthPrefixed([MAC_DOMAIN, ...values, ...later]))
    .digest('hex');
}
