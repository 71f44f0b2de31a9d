import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { Option, SubCommand } from 'nest-commander';
import { Command } from '../command.js';
import { print } from '../output.js';
import { UsageError } from '../../failure.js';

interface Options {
  json?: boolean;
  out?: string;
}

@SubCommand({
  name: 'generate',
  description: 'Makes a master key for API_KEY_MASTER_KEY: 32 random bytes as url-safe base64',
})
export class GenerateCommand extends Command {
  run(_args: string[], { json, out }: Options): Promise<void> {
    const text = randomBytes(32).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
    if (out === undefined) {
      print(json, { key: text }, () => text);
      return Promise.resolve();
    }
    try {
      writeFileSync(out, `${text}\n`, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new UsageError(
        code === 'EEXIST'
          ? `${out} is there already; a key overwrites nothing`
          : `${out} cannot be written (${code})`,
      );
    }
    print(json, { file: out }, () => out);
    return Promise.resolve();
  }

  @Option({ flags: '--out <file>', description: 'writes it to a new file (0600) instead of showing it' })
  protected parseOut(value: string): string {
    return value;
  }
}
