import { writeFileSync } from 'node:fs';
import { Option, SubCommand } from 'nest-commander';
import { readDocument } from '../core/document/committed-document.js';
import { Command } from './command.js';
import { UsageError } from '../failure.js';
import { printNotice } from './output.js';

/** As the code says; what is installed from the package has the document that it was made with, and nothing to make one. */
async function documentText(): Promise<string> {
  try {
    const { describeApplication } = await import('../describe-application.js');
    return await describeApplication();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    return readDocument().toString();
  }
}

@SubCommand({ name: 'openapi', description: 'Writes the OpenAPI document; needs no installation' })
export class OpenapiCommand extends Command {
  async run(_args: string[], { out }: { out?: string }): Promise<void> {
    const text = await documentText();
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
