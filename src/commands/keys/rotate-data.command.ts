import { Option, SubCommand } from 'nest-commander';
import { isUuid } from '../../core/database/values.js';
import type { DataRotation } from '../../core/crypto/rotation/rotate-data.js';
import type { KeyScope } from '../../core/crypto/rotation/key-scope.js';
import { FoundFaults, UsageError } from '../../failure.js';
import { Command } from '../command.js';
import { Installation } from '../installation.js';
import { print, Progress } from '../output.js';
import { recordOnTrail } from './record-on-trail.js';

interface Options {
  json?: boolean;
  owner?: KeyScope;
  all?: boolean;
}

const OWNER = '--owner takes pool, client:<id> or user:<id>.';

@SubCommand({
  name: 'rotate-data',
  description:
    'Gives owners another data key, and seals anew what the earlier ones have sealed; servers go on running',
})
export class RotateDataCommand extends Command {
  constructor(private readonly installation: Installation) {
    super();
  }

  async run(_args: string[], { json, owner, all }: Options): Promise<void> {
    if ((owner === undefined) === (all === undefined))
      throw new UsageError(`Whose keys? --all, or one owner: ${OWNER}`);
    const scope = owner ?? 'all';
    const result = await this.installation.run(this.path, async (app, { keystore }) => {
      const { nameOfScope, requireKeys } = await import('../../core/crypto/rotation/key-scope.js');
      const { rotateData } = await import('../../core/crypto/rotation/rotate-data.js');
      const { KeyRing } = await import('../../core/crypto/key-ring.js');
      const { Sealer } = await import('../../core/crypto/sealer.js');
      const { Units } = await import('../../core/database/units.js');
      const { Audit } = await import('../../core/audit/audit.service.js');
      if (scope !== 'all') await requireKeys(keystore, scope);
      const audit = app.get(Audit);
      const tools = { keystore, ring: app.get(KeyRing), sealer: app.get(Sealer), units: app.get(Units) };
      const details = { scope: nameOfScope(scope) };
      await recordOnTrail(app, 'keys.rotate_data', details);
      const progress = new Progress('Secrets');
      try {
        const done = await rotateData(tools, scope, {
          looking: (looked, total) => progress.at(looked, total),
          resealed: (table, count) =>
            audit.record({ action: 'keys.reseal', details: { ...details, table, count } }),
        });
        return { ...details, ...done };
      } finally {
        progress.end();
      }
    });
    print(json, result, () => words(result));
    if (result.failed.length > 0) throw new FoundFaults();
  }

  @Option({ flags: '--owner <owner>', description: 'pool, client:<id> or user:<id>' })
  protected parseOwner(value: string): KeyScope {
    const [kind, id = '', ...more] = value.split(':');
    if (value === 'pool') return { kind: 'pool', id: '' };
    if ((kind !== 'client' && kind !== 'user') || !isUuid(id) || more.length > 0) throw new UsageError(OWNER);
    return { kind, id: id.toLowerCase() };
  }

  @Option({ flags: '--all', description: 'every owner, and the stored answers of the server itself' })
  protected parseAll(): boolean {
    return true;
  }
}

function words({ owners, resealed, failed }: DataRotation): string {
  const lines = [
    `${owners} ${owners === 1 ? 'owner has' : 'owners have'} another key; ${resealed} values were sealed anew. The earlier keys still open.`,
  ];
  if (failed.length > 0)
    lines.push(
      `${failed.length} values do not open and stayed as they are: ${failed.slice(0, 20).join(', ')}.`,
    );
  return lines.join('\n');
}
