import { Option, SubCommand } from 'nest-commander';
import type { JournalReport } from '../../core/audit/journal-verifier.js';
import type { JournalFault } from '../../core/audit/verification/verification.js';
import { collect, Command } from '../command.js';
import { NotFoundError } from '../../core/context/errors.js';
import { FoundFaults, UsageError } from '../../failure.js';
import { Installation } from '../installation.js';
import { OPSKEEP, print, Progress } from '../output.js';

interface Options {
  json?: boolean;
  checkpoint?: string[];
  accept?: boolean;
}

const line = ({ seq, n, id, at, message }: JournalFault) =>
  n === null ? `  ${message}` : `  entry ${seq ?? `without a place, n ${n}`} (${id}, ${at}) ${message}`;

@SubCommand({
  name: 'verify',
  description:
    'Checks every entry of the audit trail and the triggers that protect it; exit code 1 when something was changed',
})
export class VerifyCommand extends Command {
  constructor(private readonly installation: Installation) {
    super();
  }

  async run(_args: string[], { json, checkpoint, accept }: Options): Promise<void> {
    const checkpoints = await this.read(checkpoint ?? []);
    const progress = new Progress('Entries');
    const found = await this.installation.run(this.path, async app => {
      const { Discontinuity } = await import('../../core/audit/seals/discontinuity.js');
      if (accept) await app.get(Discontinuity).accept();
      const { JournalVerifier } = await import('../../core/audit/journal-verifier.js');
      return app
        .get(JournalVerifier)
        .verify({ checkpoints, progress: (done, total) => progress.at(done, total) });
    });
    progress.end();
    print(json, { ...found, first_bad: found.faults[0] ?? null }, () => this.words(found));
    if (!found.ok) throw new FoundFaults();
  }

  @Option({
    flags: '--checkpoint <file>',
    description: 'a checkpoint that was kept elsewhere, and has to be contained; may be given several times',
  })
  protected parseCheckpoint(value: string, before: unknown): string[] {
    return collect(value, before);
  }

  @Option({
    flags: '--accept',
    description:
      'takes an older copy of the database knowingly, such as a backup that was restored, and says so on the trail; on each machine that has an audit.head',
  })
  protected parseAccept(): boolean {
    return true;
  }

  private async read(files: string[]): Promise<Record<string, string>> {
    const { readFile } = await import('node:fs/promises');
    const notes: Record<string, string> = {};
    for (const file of files)
      notes[file] = await readFile(file, 'utf8').catch(({ code }: NodeJS.ErrnoException) => {
        if (code === 'ENOENT') throw new NotFoundError(`There is no file ${file}`);
        throw new UsageError(`${file} cannot be read (${code})`);
      });
    return notes;
  }

  private words({ ok, checked, sealed, fault_count, faults, warnings, triggers }: JournalReport): string {
    const lines = [`${checked} entries were checked, ${sealed} of them sealed`];
    if (warnings.length > 0) lines.push('Odd, and perhaps innocent:', ...warnings.map(line));
    if (ok) return [...lines, 'Every entry is as it was written'].join('\n');
    for (const { trigger, message } of triggers)
      lines.push(`The trigger ${trigger} ${message}; ${OPSKEEP} admin doctor says how to mend it`);
    if (fault_count === 0) return lines.join('\n');
    lines.push(`Faults: ${fault_count}; the first:`, ...faults.map(line));
    if (fault_count > faults.length) lines.push(`  … and ${fault_count - faults.length} more`);
    return lines.join('\n');
  }
}
