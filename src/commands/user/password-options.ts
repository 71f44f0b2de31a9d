import { Option } from 'nest-commander';
import { Command } from '../command.js';
import { readSecret } from '../secret-input.js';

export interface PasswordOptions {
  json?: boolean;
  passwordStdin?: boolean;
  passwordPrompt?: boolean;
  passwordFile?: string;
  valueInsecure?: string;
}

/** A command that takes a password; without one, a password is generated and shown once. */
export abstract class PasswordCommand extends Command {
  protected readPassword(options: PasswordOptions): Promise<string | undefined> {
    return readSecret('password', {
      stdin: options.passwordStdin,
      prompt: options.passwordPrompt,
      file: options.passwordFile,
      insecure: options.valueInsecure,
    });
  }

  @Option({ flags: '--password-stdin', description: 'reads the password from stdin' })
  protected parseStdin(): boolean {
    return true;
  }

  @Option({ flags: '--password-prompt', description: 'asks for the password, without echo' })
  protected parsePrompt(): boolean {
    return true;
  }

  @Option({ flags: '--password-file <file>', description: 'reads the password from a file' })
  protected parseFile(value: string): string {
    return value;
  }

  @Option({
    flags: '--value-insecure <password>',
    description: 'the password itself; every process of this machine can read it',
  })
  protected parseInsecure(value: string): string {
    return value;
  }
}
