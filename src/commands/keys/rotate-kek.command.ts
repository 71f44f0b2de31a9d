import { Option, SubCommand } from 'nest-commander';
import { FoundFaults, UsageError } from '../../failure.js';
import { Command } from '../command.js';
import { Installation } from '../installation.js';
import { print, printNotice, Progress } from '../output.js';
import { recordOnTrail } from './record-on-trail.js';

interface Options {
  json?: boolean;
  wait?: number;
}

/** Seconds that a process is waited for, unless it is told otherwise; one that was killed counts as gone before. */
const WAIT = 60;

@SubCommand({
  name: 'rotate-kek',
  description:
    'Has all keys wrapped by the new master key, once every process holds it; servers go on running',
})
export class RotateKekCommand extends Command {
  constructor(private readonly installation: Installation) {
    super();
  }

  async run(_args: string[], { json, wait = WAIT }: Options): Promise<void> {
    const result = await this.installation.run(this.path, async (app, { keystore, masterKeys, presence }) => {
      const { rotateKek } = await import('../../core/crypto/rotation/rotate-kek.js');
      const { wrappingKekId } = await import('../../core/crypto/keystore/sentinel.js');
      const from = await wrappingKekId(keystore);
      const progress = new Progress('Keys');
      try {
        const done = await rotateKek(keystore, masterKeys, presence, wait * 1000, {
          waitingFor: processes =>
            processes.forEach(one =>
              printNotice(
                `Waiting for process ${one.pid} on ${one.host} to hold ${masterKeys.target.id} (now ${one.kek_ids.join(', ')})`,
              ),
            ),
          rewrapping: (count, total) => progress.at(count, total),
        });
        if (from !== done.to || done.rewrapped > 0)
          await recordOnTrail(app, 'keys.rotate_kek', { from, ...done, failed: done.failed.length });
        return { from, ...done };
      } finally {
        progress.end();
      }
    });
    print(json, result, () => words(result));
    if (result.failed.length > 0) throw new FoundFaults();
  }

  @Option({
    flags: '--wait <seconds>',
    description: `how long a process without the new key is waited for (${WAIT})`,
  })
  protected parseWait(value: string): number {
    if (!/^\d{1,6}$/.test(value)) throw new UsageError('--wait takes a number of seconds.');
    return Number(value);
  }
}

function words({ from, to, rewrapped, failed }: Rotated): string {
  const lines = [
    from === to && rewrapped === 0
      ? `Nothing to do: the master key ${to} wraps everything.`
      : `The master key ${to} wraps everything now: ${rewrapped} ${rewrapped === 1 ? 'key was' : 'keys were'} re-wrapped.`,
  ];
  if (failed.length > 0)
    lines.push(
      `${failed.length} keys do not unwrap and stayed as they are: ${failed.slice(0, 20).join(', ')}. "admin doctor" says more.`,
    );
  else if (from !== to)
    lines.push(
      `Keep ${from} for backups of the keystore that were made before; the server needs it no more once its settings name ${to} as the one key.`,
    );
  return lines.join('\n');
}

type Rotated = { from: string | undefined; to: string; rewrapped: number; failed: string[] };
