import type { MigrationInterface } from 'typeorm';
import { Keys1763800000001 } from './0001-keys.js';
import { LivingKeys1763800000002 } from './0002-living-keys.js';

/** The keystore's migrations, in order. */
export const keystoreMigrations: (new () => MigrationInterface)[] = [
  Keys1763800000001,
  LivingKeys1763800000002,
];
