import { createInterface } from 'node:readline/promises';
import { Option, SubCommand } from 'nest-commander';
import { FoundFaults, UsageError } from '../../failure.js';
import { Command } from '../command.js';
import { Installation } from '../installation.js';
import { print, printNotice, Progress } from '../output.js';
import type { Plan } from './plan.js';
import { SOURCES } from './sources/names.js';

interface Options {
  json?: boolean;
  dryRun?: boolean;
  yes?: boolean;
  client?: string;
  map?: string[];
  createClients?: boolean;
  sealNotes?: boolean;
}

@SubCommand({
  name: 'import-from',
  arguments: '<format> <file>',
  argsDescription: {
    format: `${SOURCES.join(', ')}; of bitwarden JSON, too`,
    file: 'the unencrypted export, at most 64 MiB; - reads it from stdin',
  },
  description:
    'Brings in the passwords of another program as credentials; shows first what it would do, and asks',
})
export class ImportFromCommand extends Command {
  constructor(private readonly installation: Installation) {
    super();
  }

  async run([source = '', file = '']: string[], options: Options): Promise<void> {
    const { json, dryRun = false, yes = false } = options;
    if (!dryRun && !yes && (file === '-' || !process.stdin.isTTY))
      throw new UsageError('There is nobody to ask: --dry-run shows what would be done, --yes does it.');
    const { isOpenToOthers, readExport } = await import('./reading/export-file.js');
    const { readSource } = await import('./sources/sources.js');
    const reading = readSource(source, await readExport(file));
    if (await isOpenToOthers(file)) printNotice(`warning: other users of this machine can read ${file}`);
    const { farewell, importedWords, planJson, planWords } = await import('./summary.js');
    const { plan, made } = await this.installation.run(`${this.path} ${source}`, async app => {
      const { planImport } = await import('./plan.js');
      const { Importer } = await import('./importer.js');
      const plan = await planImport(app, reading, { source, ...options });
      if (dryRun || plan.planned.length === 0) return { plan };
      printNotice(planWords(plan));
      if (!yes && !(await agreed(plan))) return { plan };
      const progress = new Progress('Entries');
      const made = await new Importer(app).bring(plan, done => progress.at(done, plan.planned.length));
      progress.end();
      return { plan, made };
    });
    print(json, { ...planJson(plan, dryRun), ...(made ? { brought: made } : {}) }, () =>
      made
        ? importedWords(plan, made)
        : dryRun || plan.planned.length === 0
          ? planWords(plan)
          : 'Nothing was brought in.',
    );
    if (file !== '-' && (made || isDone(plan))) printNotice(farewell(file));
    if ((!dryRun && isFruitless(plan)) || (made && made.failed.length > 0)) throw new FoundFaults();
  }

  @Option({ flags: '--dry-run', description: 'only shows what would be done' })
  protected parseDryRun(): boolean {
    return true;
  }

  @Option({ flags: '--yes', description: 'does not ask' })
  protected parseYes(): boolean {
    return true;
  }

  @Option({ flags: '--client <client>', description: 'everything into this client (name or id)' })
  protected parseClient(value: string): string {
    return value;
  }

  @Option({
    flags: '--map <folder=client>',
    description:
      'a folder, collection, tag, organization or company into this client (name or id), as often as needed; ' +
      '"=Client" for what is in no folder, "Folder=" into the pool',
  })
  protected parseMap(value: string, before: unknown): string[] {
    return [...(Array.isArray(before) ? (before as string[]) : []), value];
  }

  @Option({ flags: '--create-clients', description: 'makes the clients that are not there' })
  protected parseCreateClients(): boolean {
    return true;
  }

  @Option({
    flags: '--seal-notes',
    description: 'seals all notes beside their credentials, and not only those that look like secrets',
  })
  protected parseSealNotes(): boolean {
    return true;
  }
}

/** Nothing came, nothing was there, and something should have come. */
const isFruitless = ({ planned, there, left }: Plan) =>
  planned.length === 0 && there === 0 && left.length > 0;

/** All of it is there. */
const isDone = ({ planned, there }: Plan) => planned.length === 0 && there > 0;

async function agreed({ planned }: Plan): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`Bring in ${planned.length}? [y/N] `)).trim());
  } finally {
    lines.close();
  }
}
