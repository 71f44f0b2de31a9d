import { Option, SubCommand } from 'nest-commander';
import { FoundFaults, UsageError } from '../../failure.js';
import { Command } from '../command.js';
import { Installation } from '../installation.js';
import { printNotice } from '../output.js';

interface Options {
  json?: boolean;
  credential?: string;
}

@SubCommand({
  name: 'earlier',
  description:
    'Prints the audit entries that came from earlier systems, a line of JSON each, and says whether they are as they came',
})
export class EarlierCommand extends Command {
  constructor(private readonly installation: Installation) {
    super();
  }

  async run(_args: string[], { credential }: Options): Promise<void> {
    const { isUuid } = await import('../../core/database/values.js');
    if (credential !== undefined && !isUuid(credential))
      throw new UsageError('--credential is the id of a credential.');
    const where = credential === undefined ? {} : { credential_id: credential.toLowerCase() };
    const parts = await this.installation.run(this.path, async app => {
      const { EarlierEntries } = await import('../../operations/earlier-entries/earlier-entries.service.js');
      const entries = app.get(EarlierEntries);
      await entries.read(where, row => process.stdout.write(`${JSON.stringify(row)}\n`));
      return entries.parts();
    });
    const changed = parts.filter(one => !one.is_intact);
    for (const { id, source, count } of changed)
      printNotice(`The part ${id} (${count} entries of ${source}) is not what the journal says was brought`);
    if (changed.length > 0) throw new FoundFaults();
    printNotice(`Parts that were brought: ${parts.length}, each as the journal says`);
  }

  @Option({ flags: '--credential <id>', description: 'only what is about the credential here' })
  protected parseCredential(value: string): string {
    return value;
  }
}
