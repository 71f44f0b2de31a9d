import { SubCommand } from 'nest-commander';
import { loadSettings } from '../../core/config/load-settings.js';
import { Command } from '../command.js';
import { FoundFaults } from '../../failure.js';
import { print, Progress, table } from '../output.js';
import type { Finding } from './finding.js';
import { effectiveSettings } from './settings-report.js';

const SIGN: Record<Finding['level'], string> = { ok: 'ok      ', warning: 'warning ', fault: 'FAULT   ' };

const line = ({ area, level, what, mend }: Finding) =>
  `${SIGN[level]} ${area}: ${what}${mend ? `\n         → ${mend}` : ''}`;

@SubCommand({
  name: 'doctor',
  description:
    'Examines settings, files, databases, keys, secrets, rows and the memory; says what is wrong and how to mend it',
})
export class DoctorCommand extends Command {
  async run(_args: string[], { json }: { json?: boolean }): Promise<void> {
    const configured = loadSettings();
    const { examine } = await import('./examine.js');
    const { findings, away } = await examine(configured, new Progress('Secrets'));
    const sick = away !== undefined || findings.some(one => one.level === 'fault');
    const settings = effectiveSettings(configured);
    const rows = settings.map(one => [one.name, one.value, one.source]);
    print(json, { ok: !sick, settings, findings }, () =>
      [table(['setting', 'value', 'source'], rows), '', ...findings.map(line)].join('\n'),
    );
    if (sick) throw away ?? new FoundFaults();
  }
}
