import { SubCommand } from 'nest-commander';
import { Command } from '../command.js';
import { Installation } from '../installation.js';
import { print, Progress, table } from '../output.js';

@SubCommand({
  name: 'seed',
  description: 'Adds a believable service provider; what is there already stays as it is',
})
export class SeedCommand extends Command {
  constructor(private readonly installation: Installation) {
    super();
  }

  async run(_args: string[], { json }: { json?: boolean }): Promise<void> {
    const progress = new Progress('Rows');
    const counts = await this.installation.run(this.path, async app => {
      const { Seeder } = await import('./seeder.js');
      const { demoRows } = await import('./demo-rows.js');
      return Seeder.of(app).seed(demoRows(), (done, total) => progress.at(done, total));
    });
    progress.end();
    const rows = counts.map(one => [one.resource, String(one.created), String(one.there)]);
    const nothing = counts.every(one => one.created === 0);
    print(json, { resources: counts }, () =>
      nothing ? 'The demo is there already' : table(['resource', 'created', 'were there'], rows),
    );
  }
}
