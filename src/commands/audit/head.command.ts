import { Option, SubCommand } from 'nest-commander';
import { Command } from '../command.js';
import { Installation } from '../installation.js';
import { print } from '../output.js';

@SubCommand({
  name: 'head',
  description:
    'Seals the audit trail and prints its signed checkpoint, to be kept elsewhere; --keys: what verifies it',
})
export class HeadCommand extends Command {
  constructor(private readonly installation: Installation) {
    super();
  }

  async run(_args: string[], { json, keys }: { json?: boolean; keys?: boolean }): Promise<void> {
    const { Trail } = await import('../../core/audit/seals/trail.service.js');
    const { SealKeys } = await import('../../core/audit/seals/seal-keys.js');
    const found = await this.installation.run(this.path, async app => ({
      checkpoint: await app.get(Trail).checkpoint(),
      verifier_keys: await app.get(SealKeys).verifierKeys(),
    }));
    print(json, found, () => (keys ? found.verifier_keys.join('\n') : found.checkpoint.trimEnd()));
  }

  @Option({ flags: '--keys', description: 'print the verifier keys (C2SP signed-note), one a line' })
  protected parseKeys(): boolean {
    return true;
  }
}
