import { SubCommand } from 'nest-commander';
import { migrationStatus } from '../../core/database/migrate.js';
import { Command } from '../command.js';
import { Installation } from '../installation.js';
import { print, table } from '../output.js';

@SubCommand({ name: 'status', description: 'Lists the migrations, and which have run' })
export class MigrateStatusCommand extends Command {
  constructor(private readonly installation: Installation) {
    super();
  }

  async run(_args: string[], { json }: { json?: boolean }): Promise<void> {
    const found = await this.installation.databases(async (main, keystore) => ({
      keystore: await migrationStatus(keystore),
      main: await migrationStatus(main),
    }));
    const rows = Object.entries(found).flatMap(([database, all]) =>
      all.map(({ name, done }) => [database, done ? 'done' : 'pending', name]),
    );
    print(json, found, () => table(['database', 'state', 'migration'], rows));
  }
}
