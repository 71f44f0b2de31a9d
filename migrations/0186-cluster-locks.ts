import type { MigrationInterface, QueryRunner } from 'typeorm';
import { big, createTable, dropTables, whole } from '../src/core/database/ddl.js';

/** What is locked on a node of Galera, as the other nodes learn of it. */
export class ClusterLocks1763800001860 implements MigrationInterface {
  name = 'ClusterLocks1763800001860';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'cluster_locks', [whole('slot').primary(), big('taken')]);
  }

  down(runner: QueryRunner): Promise<void> {
    return dropTables(runner, 'cluster_locks');
  }
}
