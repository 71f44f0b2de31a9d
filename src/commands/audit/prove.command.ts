import { SubCommand } from 'nest-commander';
import { UsageError } from '../../failure.js';
import { Command } from '../command.js';
import { Installation } from '../installation.js';
import { print } from '../output.js';

@SubCommand({
  name: 'prove',
  arguments: '<id>',
  description: 'Prints the proof that an entry of the audit trail is in its newest checkpoint',
  argsDescription: { id: 'id of the entry' },
})
export class ProveCommand extends Command {
  constructor(private readonly installation: Installation) {
    super();
  }

  async run([id = '']: string[], { json }: { json?: boolean }): Promise<void> {
    const { isUuid } = await import('../../core/database/values.js');
    if (!isUuid(id)) throw new UsageError('<id> is the id of an entry of the audit trail.');
    const proof = await this.installation.run(this.path, async app => {
      const { Trail } = await import('../../core/audit/seals/trail.service.js');
      return app.get(Trail).prove(id.toLowerCase());
    });
    print(json, { proof }, () => proof.trimEnd());
  }
}
