import type { MigrationInterface, QueryRunner } from 'typeorm';
import { big, createTable, dropTables, long, moment, text } from '../src/core/database/ddl.js';

/** SHA-256 of nothing: the root of a tree without leaves. */
const EMPTY_ROOT = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';

/** The tree over the audit trail: its head, which sequencers compete for, its tiles, and its signed checkpoints. */
export class Seals1763800001800 implements MigrationInterface {
  name = 'Seals1763800001800';

  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'audit_head', [text('name', 16).primary(), big('size'), text('root', 44)]);
    await createTable(runner, 'audit_tiles', [text('path', 64).primary(), long('hashes')]);
    await createTable(runner, 'audit_checkpoints', [
      big('size').primary(),
      moment('at').plain(),
      long('note'),
    ]);
    await runner.query(
      `INSERT INTO audit_head (name, size, root) SELECT 'trail', 0, '${EMPTY_ROOT}' FROM (SELECT 1) AS one ` +
        'WHERE NOT EXISTS (SELECT 1 FROM audit_head)',
    );
  }

  down(runner: QueryRunner): Promise<void> {
    return dropTables(runner, 'audit_checkpoints', 'audit_tiles', 'audit_head');
  }
}
