import type { MariaDb } from './mariadb.mjs';

/** A private cluster on loopback: what is committed on one node is on all of them. */
export interface Galera {
  nodes: MariaDb[];
  stop(): Promise<void>;
}

/**
 * Starts so many nodes of a Galera cluster and waits until each of them answers.
 *
 * @throws Error naming the Debian package when MariaDB or Galera's library is not installed
 */
export function startGalera(count?: number): Promise<Galera>;
