import type { DemoRow } from './seed-row.js';
import { directoryRows } from './directory-rows.js';
import { estateRows } from './estate-rows.js';
import { operationsRows } from './operations-rows.js';
import { vaultRows } from './vault-rows.js';
import { workRows } from './work-rows.js';

/** The whole demo, each row after those that it refers to. Addresses and domains are those of RFC 2606, 5737 and 1918. */
export function demoRows(): DemoRow[] {
  return [...directoryRows(), ...estateRows(), ...workRows(), ...vaultRows(), ...operationsRows()];
}
