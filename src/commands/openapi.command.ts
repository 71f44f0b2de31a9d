import { writeFileSync } from 'node:fs';
import { Option, SubCommand } from 'nest-commander';
import { Command } from './command.js';
import { UsageError } from '../failure.js';
import { printNotice } from './output.js';

@SubCommand({ name: 'openapi', description: 'Writes the OpenAPI document; needs no installation' })
export class OpenapiCommand extends Command {
  async run(_args: string[], { out }: { out?: string }): Promise<void> {
    const { describeApplication } = await import('../describe-application.js');
    const text = await describeApplication();
    if (out === undefined) {
      process.stdout.write(text);
      return;
    }
    try {
      writeFileSync(out, text);
    } catch (error) {
      throw new UsageError(`${out} cannot be written (${(error as NodeJS.ErrnoException).code})`);
    }
    printNotice(`${out} is written`);
  }

  @Option({ flags: '--out <file>', description: 'into this file instead of to stdout' })
  protected parseOut(value: string): string {
    return value;
  }
}
