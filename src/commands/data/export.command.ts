import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Option, SubCommand } from 'nest-commander';
import { UsageError } from '../../failure.js';
import { collect, Command } from '../command.js';
import { Installation } from '../installation.js';
import { print, Progress } from '../output.js';
import type { SecretsWish } from '../../vault/secrets-export/secrets-export.service.js';
import { readPassphrase } from './passphrase.js';

interface Options {
  json?: boolean;
  folder?: string;
  format?: 'ndjson' | 'csv';
  client?: string;
  resources?: string[];
  withSecrets?: boolean;
  passphraseFile?: string;
  reason?: string;
  breakGlass?: boolean;
}

/** @throws UsageError for what belongs to secrets without them, and for no reason */
async function secretsAsked(options: Options): Promise<SecretsWish | undefined> {
  const { withSecrets, passphraseFile, reason, breakGlass = false } = options;
  if (!withSecrets) {
    if (passphraseFile !== undefined || reason !== undefined || breakGlass)
      throw new UsageError('--passphrase-file, --reason and --break-glass are for --with-secrets.');
    return undefined;
  }
  if (reason === undefined || reason.trim().length < 3)
    throw new UsageError('Say why secrets are exported: --reason, of at least 3 characters.');
  const passphrase = (await readPassphrase(passphraseFile)) ?? '';
  return { passphrase, reason: reason.trim(), breaksGlass: breakGlass };
}

@SubCommand({
  name: 'export',
  description: 'Writes everything that the installation holds into a new folder: a file for each resource',
})
export class ExportFolderCommand extends Command {
  constructor(private readonly installation: Installation) {
    super();
  }

  async run(_args: string[], options: Options): Promise<void> {
    const { json, folder } = options;
    if (folder === undefined) throw new UsageError('Name the folder that is to be made: --folder DIR.');
    if (!existsSync(dirname(folder)))
      throw new UsageError(`There is no folder ${dirname(folder)}: make it, or correct --folder.`);
    if (existsSync(folder)) throw new UsageError(`${folder} is there already; an export overwrites nothing.`);
    const secrets = await secretsAsked(options);
    const progress = new Progress('Rows');
    const manifest = await this.installation.run(this.path, async app => {
      const { exportFolder } = await import('./export-folder.js');
      try {
        return await exportFolder(app, folder, {
          file_format: options.format ?? 'ndjson',
          client: options.client,
          resources: options.resources,
          secrets,
          told: (done, total) => progress.at(done, total),
        });
      } finally {
        progress.end();
      }
    });
    const rows = manifest.files.reduce((sum, one) => sum + one.rows, 0);
    print(json, { folder, ...manifest }, () =>
      [
        `folder     ${folder}`,
        `rows       ${rows} in ${manifest.files.length} files`,
        ...(manifest.secrets ? [`secrets    of ${manifest.secrets.credentials} credentials, encrypted: age -d opens them`] : []),
        `left out   ${manifest.left_out.length} kinds: see left_out in manifest.json`,
      ].join('\n'),
    );
  }

  @Option({ flags: '--folder <dir>', description: 'a folder that is not there yet' })
  protected parseFolder(value: string): string {
    return resolve(value);
  }

  @Option({ flags: '--format <format>', description: 'ndjson (when absent) or csv' })
  protected parseFormat(value: string): 'ndjson' | 'csv' {
    if (value !== 'ndjson' && value !== 'csv') throw new UsageError('--format takes one of ndjson, csv.');
    return value;
  }

  @Option({ flags: '--client <client>', description: 'rows of this client alone, by its name or id' })
  protected parseClient(value: string): string {
    return value;
  }

  @Option({ flags: '--with-secrets', description: 'takes the secrets of credentials along, encrypted (age)' })
  protected parseWithSecrets(): boolean {
    return true;
  }

  @Option({
    flags: '--passphrase-file <file>',
    description: 'reads the passphrase of the secrets from a file (- for stdin); asked for when absent',
  })
  protected parsePassphraseFile(value: string): string {
    return value;
  }

  @Option({ flags: '--reason <text>', description: 'why secrets are exported, for the entry of each' })
  protected parseReason(value: string): string {
    return value;
  }

  @Option({
    flags: '--break-glass',
    description: 'takes along what policies and owners close, too: an incident tells everybody',
  })
  protected parseBreakGlass(): boolean {
    return true;
  }

  @Option({
    flags: '--resources <paths>',
    description: 'these resources alone, such as sites,contacts; may be given several times',
  })
  protected parseResources(value: string, before: unknown): string[] {
    return collect(value, before);
  }
}
