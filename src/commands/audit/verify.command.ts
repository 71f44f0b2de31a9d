import { SubCommand } from 'nest-commander';
import type { JournalReport } from '../../core/audit/journal-verifier.js';
import type { JournalFault } from '../../core/audit/verify.js';
import { Command } from '../command.js';
import { FoundFaults } from '../../failure.js';
import { Installation } from '../installation.js';
import { OPSKEEP, print, Progress } from '../output.js';

const line = ({ n, id, at, message }: JournalFault) => `  entry ${n} (${id}, ${at}) ${message}`;

@SubCommand({
  name: 'verify',
  description:
    'Checks every entry of the audit trail and the triggers that protect it; exit code 1 when something was changed',
})
export class VerifyCommand extends Command {
  constructor(private readonly installation: Installation) {
    super();
  }

  async run(_args: string[], { json }: { json?: boolean }): Promise<void> {
    const progress = new Progress('Entries');
    const found = await this.installation.run(this.path, async app => {
      const { JournalVerifier } = await import('../../core/audit/journal-verifier.js');
      return app.get(JournalVerifier).verify((done, total) => progress.at(done, total));
    });
    progress.end();
    print(json, { ...found, first_bad: found.faults[0] ?? null }, () => this.words(found));
    if (!found.ok) throw new FoundFaults();
  }

  private words({ ok, checked, fault_count, faults, warnings, triggers }: JournalReport): string {
    const lines = [`${checked} entries were checked`];
    if (warnings.length > 0) lines.push('Odd, and perhaps innocent:', ...warnings.map(line));
    if (ok) return [...lines, 'Every entry is as it was written'].join('\n');
    for (const { trigger, message } of triggers)
      lines.push(`The trigger ${trigger} ${message}; ${OPSKEEP} admin doctor says how to mend it`);
    if (fault_count === 0) return lines.join('\n');
    lines.push(`Faults: ${fault_count}, the first at entry ${faults[0]?.n}:`, ...faults.map(line));
    if (fault_count > faults.length) lines.push(`  … and ${fault_count - faults.length} more`);
    return lines.join('\n');
  }
}
