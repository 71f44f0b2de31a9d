import { resolve } from 'node:path';
import { SubCommand } from 'nest-commander';
import { Command } from '../command.js';
import { Installation } from '../installation.js';
import { print, Progress } from '../output.js';

@SubCommand({
  name: 'export',
  arguments: '<folder>',
  description: 'Writes the audit trail as files that independent programs verify (C2SP tlog-tiles)',
  argsDescription: { folder: 'an empty folder, or one that is made' },
})
export class ExportCommand extends Command {
  constructor(private readonly installation: Installation) {
    super();
  }

  async run([folder = '']: string[], { json }: { json?: boolean }): Promise<void> {
    const progress = new Progress('Entries');
    const path = resolve(folder);
    const entries = await this.installation.run(this.path, async app => {
      const { TrailExport } = await import('../../core/audit/seals/trail-export.js');
      return app.get(TrailExport).write(path, (done, total) => progress.at(done, total));
    });
    progress.end();
    print(json, { folder: path, entries }, () => `${entries} entries are in ${path}`);
  }
}
