import { Option, SubCommand } from 'nest-commander';
import { Command } from '../command.js';
import { UsageError } from '../../failure.js';
import { Installation } from '../installation.js';
import { print, Progress, table } from '../output.js';

const MOST_YEARS = 10;

interface Options {
  json?: boolean;
  years?: number;
  yes?: boolean;
}

@SubCommand({
  name: 'seed',
  description:
    'Adds a believable service provider to a database of its own: nothing takes it out again. Nobody can log in as its users',
})
export class SeedCommand extends Command {
  constructor(private readonly installation: Installation) {
    super();
  }

  async run(_args: string[], { json, years = 3, yes = false }: Options): Promise<void> {
    const progress = new Progress('Steps');
    const counts = await this.installation.run(
      this.path,
      async app => {
        const { makeDemo } = await import('./demo.js');
        const { requireNoOtherClients } = await import('./other-clients.js');
        if (!yes) await requireNoOtherClients(app);
        return makeDemo(app, { years }, (done, total) => progress.at(done, total));
      },
      { begins: true },
    );
    progress.end();
    const rows = counts.map(one => [one.resource, String(one.created), String(one.there)]);
    const nothing = counts.every(one => one.created === 0);
    print(json, { resources: counts }, () =>
      nothing ? 'The demo is there already' : table(['resource', 'created', 'were there'], rows),
    );
  }

  @Option({ flags: '--yes', description: 'also where clients are that are not of the demo' })
  protected parseYes(): boolean {
    return true;
  }

  @Option({
    flags: '--years <years>',
    description: `years of work for 25 more clients, 0 to ${MOST_YEARS} (3)`,
  })
  protected parseYears(value: string): number {
    const years = /^\d{1,2}$/.test(value) ? Number(value) : NaN;
    if (!(years <= MOST_YEARS))
      throw new UsageError(`--years must be a whole number from 0 to ${MOST_YEARS}.`);
    return years;
  }
}
