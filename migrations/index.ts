import type { MigrationInterface } from 'typeorm';
import { Access1763800000010 } from './0001-access.js';
import { Journal1763800000020 } from './0002-journal.js';
import { Clients1763800000030 } from './0003-clients.js';

/** The migrations of the main database, in order. */
export const migrations: (new () => MigrationInterface)[] = [
  Access1763800000010,
  Journal1763800000020,
  Clients1763800000030,
];
