import { Injectable } from '@nestjs/common';
import { FormatError } from '../../formats/format-error.js';
import { openAgeFile } from '../../formats/open-age.js';
import {
  AdoptedSecrets,
  type BroughtSecrets,
  isBrought,
} from '../../vault/secrets-export/adopted-secrets.service.js';
import { folderFault } from './folder-fault.js';
import { SECRETS, type SecretsFile } from './folder-format.js';
import { linesOf, verifiedBytes } from './read-folder.js';

/** Credentials whose secrets are sealed in one unit. */
const BATCH = 50;

/** The encrypted secrets of a folder. */
@Injectable()
export class FolderSecrets {
  constructor(private readonly adopted: AdoptedSecrets) {}

  /**
   * Opens all of them, and keeps none.
   *
   * @throws ValidationError for another passphrase, and for a file that is damaged
   */
  async check(folder: string, said: SecretsFile, passphrase: string): Promise<void> {
    let count = 0;
    for await (const _one of this.read(folder, said, passphrase)) count++;
    if (count !== said.credentials)
      throw folderFault(SECRETS, 'is damaged: it has another number of credentials');
  }

  /** Seals them for the credentials of this installation. @returns of how many */
  async store(folder: string, said: SecretsFile, passphrase: string): Promise<number> {
    let count = 0;
    let brought: BroughtSecrets[] = [];
    for await (const one of this.read(folder, said, passphrase)) {
      brought.push(one);
      if (brought.length < BATCH) continue;
      count += await this.adopted.adopt(brought);
      brought = [];
    }
    return count + (await this.adopted.adopt(brought));
  }

  private async *read(folder: string, said: SecretsFile, passphrase: string): AsyncGenerator<BroughtSecrets> {
    try {
      for await (const line of linesOf(openAgeFile(passphrase, verifiedBytes(folder, said)), SECRETS)) {
        const value: unknown = JSON.parse(line.toString('utf8'));
        line.fill(0);
        if (!isBrought(value)) throw folderFault(SECRETS, 'holds what are no secrets of credentials');
        yield value;
      }
    } catch (error) {
      if (error instanceof FormatError) throw folderFault(SECRETS, error.message);
      if (error instanceof SyntaxError)
        throw folderFault(SECRETS, 'holds what are no secrets of credentials');
      throw error;
    }
  }
}
