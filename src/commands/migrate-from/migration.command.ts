import { Option } from 'nest-commander';
import { secretFromEnvironment } from '../../core/config/from-environment.js';
import { FoundFaults, UsageError } from '../../failure.js';
import { FormatError } from '../../formats/format-error.js';
import { parseEarlierKey } from '../../formats/earlier-value.js';
import { isPublishedKey } from '../../formats/key-text.js';
import { Command } from '../command.js';
import type { Installation } from '../installation.js';
import { print, printNotice, Progress } from '../output.js';
import { readSecret } from '../secret-input.js';
import type { EarlierSystem } from './earlier-rows.js';
import { reportOf, wordsOf } from './report.js';

export interface MigrationOptions {
  json?: boolean;
  dryRun?: boolean;
  skipUnreadable?: boolean;
  plaintext?: boolean;
  keyFile?: string;
  keyStdin?: boolean;
  keyEnv?: string;
  client?: string;
  owner?: string;
  source?: string;
}

/** What the ways in from earlier systems have in common: where the key comes from, and what becomes of the rows. */
export abstract class MigrationCommand extends Command {
  constructor(protected readonly installation: Installation) {
    super();
  }

  /** The key as it was written down, from the one place that was told. @throws UsageError */
  protected async keyText(options: MigrationOptions, variable: string | undefined): Promise<string> {
    const { keyFile: file, keyStdin: stdin, keyEnv } = options;
    const given = await readSecret('key', { file, stdin });
    if (given !== undefined && keyEnv !== undefined)
      throw new UsageError('The key can come from one place only');
    const name = keyEnv ?? variable;
    const text = given ?? (name === undefined ? undefined : secretFromEnvironment(name)?.reveal());
    if (text !== undefined) return text.trim();
    throw new UsageError(
      name === undefined
        ? 'The key comes from --key-file, --key-stdin or --key-env.'
        : `${name} is not set in the environment: the key comes from there, from --key-file or --key-stdin.`,
    );
  }

  /** 32 bytes. @throws UsageError */
  protected keyOf(text: string): Buffer {
    try {
      const key = parseEarlierKey(text);
      if (isPublishedKey(key))
        printNotice(
          'warning: this key is printed in public documents; what it has encrypted was never secret',
        );
      return key;
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      throw new UsageError('The key must be 64 hexadecimal digits, or 32 bytes as url-safe base64.');
    }
  }

  /** Examines everything, and converts it unless something is unreadable or this is a dry run. */
  protected async migrate(
    options: MigrationOptions & { users?: ReadonlyMap<string, string> },
    open: () => Promise<EarlierSystem>,
  ): Promise<void> {
    const { migrate } = await import('./migrate.js');
    const { requireMigrationOpen } = await import('../../core/crypto/keystore/migration-end.js');
    const result = await this.installation.run(this.path, async (app, { keystore }) => {
      await requireMigrationOpen(keystore);
      const system = await open();
      const progress = new Map<string, Progress>();
      try {
        system.warnings.forEach(line => printNotice(`warning: ${line}`));
        return await migrate(app, system, options, (what, done, total) => {
          const bar = progress.get(what) ?? new Progress(what);
          progress.set(what, bar);
          bar.at(done, total);
        });
      } finally {
        progress.forEach(bar => bar.end());
        await system.close();
      }
    });
    print(options.json, reportOf(result), () => wordsOf(reportOf(result)));
    if (result.isRefused) {
      printNotice('Nothing was written. --skip-unreadable brings the rest.');
      throw new FoundFaults();
    }
  }

  @Option({
    flags: '--dry-run',
    description: 'opens and tries everything, writes nothing, and tells what would come',
  })
  protected parseDryRun(): boolean {
    return true;
  }

  @Option({
    flags: '--skip-unreadable',
    description: 'brings the rest where rows cannot be read; without it nothing is written then',
  })
  protected parseSkip(): boolean {
    return true;
  }

  @Option({ flags: '--key-file <file>', description: 'the file that holds the key of the earlier system' })
  protected parseKeyFile(value: string): string {
    return value;
  }

  @Option({ flags: '--key-stdin', description: 'reads the key from stdin' })
  protected parseKeyStdin(): boolean {
    return true;
  }

  @Option({ flags: '--key-env <name>', description: 'the variable of the environment that holds the key' })
  protected parseKeyEnv(value: string): string {
    return value;
  }

  @Option({ flags: '--client <client>', description: 'name or id of the client here of what has none there' })
  protected parseClient(value: string): string {
    return value;
  }

  @Option({
    flags: '--source <label>',
    description: 'tells this source from others of its kind whose rows have the same ids',
  })
  protected parseSource(value: string): string {
    return value;
  }
}
