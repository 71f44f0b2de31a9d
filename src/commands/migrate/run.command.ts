import { SubCommand } from 'nest-commander';
import { runMigrations } from '../../core/database/migrate.js';
import { Command } from '../command.js';
import { Installation } from '../installation.js';
import { print } from '../output.js';

@SubCommand({ name: 'run', description: 'Runs what is pending, in the keystore and in the main database' })
export class RunCommand extends Command {
  constructor(private readonly installation: Installation) {
    super();
  }

  async run(_args: string[], { json }: { json?: boolean }): Promise<void> {
    const ran = await this.installation.databases(
      async (main, keystore) => ({
        keystore: await runMigrations(keystore),
        main: await runMigrations(main),
      }),
      { begins: true },
    );
    const names = [...ran.keystore, ...ran.main];
    print(json, ran, () => (names.length === 0 ? 'Nothing was pending' : names.join('\n')));
  }
}
