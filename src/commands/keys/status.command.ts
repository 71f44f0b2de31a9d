import { SubCommand } from 'nest-commander';
import { Command } from '../command.js';
import { Installation } from '../installation.js';
import { print, table } from '../output.js';

const HEAD = ['owner', 'state', 'master key', 'keys'];
const PROCESS_HEAD = ['process', 'host', 'holds', 'since'];

@SubCommand({
  name: 'status',
  description:
    'Counts the keys by owner, state and master key (kek_id), and tells which processes hold which',
})
export class KeysStatusCommand extends Command {
  constructor(private readonly installation: Installation) {
    super();
  }

  async run(_args: string[], { json }: { json?: boolean }): Promise<void> {
    await this.installation.run(this.path, async (app, { keystore, masterKeys }) => {
      const { KeyRing } = await import('../../core/crypto/key-ring.js');
      const { liveProcesses } = await import('../../core/crypto/keystore/presence.js');
      const { wrappingKekId } = await import('../../core/crypto/keystore/sentinel.js');
      const keys = await app.get(KeyRing).status();
      const current = await wrappingKekId(keystore);
      const target = masterKeys.target.id;
      // This one ends at once.
      const processes = (await liveProcesses(keystore)).filter(one => one.pid !== process.pid);
      const at_hand = masterKeys.ids;
      const others = at_hand.filter(id => id !== current);
      const rows = keys.map(one => [one.owner_kind, one.state, one.kek_id, String(one.total)]);
      print(json, { current, target, source: masterKeys.source, at_hand, keys, processes }, () =>
        [
          `Master key: ${current}, from ${masterKeys.source}${others.length > 0 ? ` (also at hand: ${others.join(', ')})` : ''}`,
          ...(target === current ? [] : [`"admin keys rotate-kek" has all wrapped by ${target}.`]),
          '',
          table(HEAD, rows),
          '',
          table(
            PROCESS_HEAD,
            processes.map(one => [String(one.pid), one.host, one.kek_ids.join(', '), one.started_at]),
          ),
        ].join('\n'),
      );
    });
  }
}
