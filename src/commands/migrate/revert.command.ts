import { Option, SubCommand } from 'nest-commander';
import { migrationStatus, revertMigration } from '../../core/database/migrate.js';
import { Command } from '../command.js';
import { Installation } from '../installation.js';
import { print } from '../output.js';

interface Options {
  json?: boolean;
  keystore?: boolean;
}

@SubCommand({
  name: 'revert',
  description: 'Takes back the newest migration of the main database, with the data of its tables',
})
export class RevertCommand extends Command {
  constructor(private readonly installation: Installation) {
    super();
  }

  async run(_args: string[], { json, keystore: ofKeystore }: Options): Promise<void> {
    const reverted = await this.installation.databases(async (main, keystore) => {
      const database = ofKeystore ? keystore : main;
      const newest = (await migrationStatus(database)).filter(one => one.done).at(-1);
      if (newest) await revertMigration(database);
      return newest?.name ?? null;
    });
    print(json, { reverted }, () => reverted ?? 'There is nothing to take back');
  }

  @Option({ flags: '--keystore', description: 'that of the keystore instead' })
  protected parseKeystore(): boolean {
    return true;
  }
}
