import { SubCommand } from 'nest-commander';
import { Command } from '../command.js';
import { Installation } from '../installation.js';
import { print, table } from '../output.js';

const HEAD = ['owner', 'state', 'master key', 'keys'];

@SubCommand({ name: 'status', description: 'Counts the keys by owner, state and master key (kek_id)' })
export class KeysStatusCommand extends Command {
  constructor(private readonly installation: Installation) {
    super();
  }

  async run(_args: string[], { json }: { json?: boolean }): Promise<void> {
    await this.installation.run(this.path, async (app, { masterKeys }) => {
      const { KeyRing } = await import('../../core/crypto/key-ring.js');
      const keys = await app.get(KeyRing).status();
      const rows = keys.map(one => [one.owner_kind, one.state, one.kek_id, String(one.total)]);
      const at_hand = masterKeys.ids;
      print(
        json,
        { current: masterKeys.current.id, at_hand, keys },
        () =>
          `Master key: ${masterKeys.current.id}${at_hand.length > 1 ? ` (before: ${at_hand.slice(1).join(', ')})` : ''}\n\n` +
          table(HEAD, rows),
      );
    });
  }
}
