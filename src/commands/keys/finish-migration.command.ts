import { SubCommand } from 'nest-commander';
import { FoundFaults } from '../../failure.js';
import { Command } from '../command.js';
import { Installation } from '../installation.js';
import { print, printNotice, Progress } from '../output.js';
import { recordOnTrail } from './record-on-trail.js';

/** So many rows are named; more are counted. */
const NAMED = 20;

@SubCommand({
  name: 'finish-migration',
  description: 'Closes the way in from earlier systems: from then on no value but v3 is accepted',
})
export class FinishMigrationCommand extends Command {
  constructor(private readonly installation: Installation) {
    super();
  }

  async run(_args: string[], { json }: { json?: boolean }): Promise<void> {
    const result = await this.installation.run(this.path, async (app, { keystore, database }) => {
      const { finishMigration, migrationFinishedAt } =
        await import('../../core/crypto/keystore/migration-end.js');
      const { Opener } = await import('../../core/crypto/opener.js');
      const { openAll } = await import('../../core/crypto/sealed-places.js');
      const progress = new Progress('Secrets');
      try {
        const { total, unopened } = await openAll(database.connections.reader, app.get(Opener), progress);
        const left: { table: string; id: string; v3: boolean }[] = [];
        for (const { table, id, isSealed, keyId = '' } of unopened)
          if (!(await keystore.isDestroyed(keyId))) left.push({ table, id, v3: isSealed });
        if (left.length > 0) return { finished_at: null, values: total, left };
        const before = await migrationFinishedAt(keystore);
        const finished_at = await finishMigration(keystore);
        if (before === undefined) await recordOnTrail(app, 'keys.finish_migration', { values: total });
        return { finished_at, values: total, left };
      } finally {
        progress.end();
      }
    });
    const { finished_at, values, left } = result;
    print(json, result, () =>
      finished_at === null
        ? left
            .slice(0, NAMED)
            .map(({ table, id, v3 }) => `${table} ${id}: ${v3 ? 'does not open' : 'is not v3'}`)
            .join('\n')
        : `The migration is closed since ${finished_at}: ${values} values are v3, and each opens.`,
    );
    if (finished_at !== null) return;
    printNotice(
      `${left.length} values are not v3, or do not open: set these secrets anew. Nothing was closed.`,
    );
    throw new FoundFaults();
  }
}
