import { UsageError } from '../../cli/errors.js';
import { type LocalVault, settled } from '../local-vault.js';
import { requireCredential } from '../sealed/credential.js';
import type { Found } from './records.js';

/** What became of each name. */
export interface Imported {
  stored: string[];
  /** Was there already, and stayed as it was. */
  skipped: string[];
  refused: { name: string; reason: string }[];
}

/**
 * Stores what was found, all in one version of the vault. A name that is there stays as it is, unless it is to be replaced.
 */
export async function importRecords(
  vault: LocalVault,
  found: Found[],
  { overwrite, dryRun }: { overwrite: boolean; dryRun: boolean },
): Promise<Imported> {
  let told: Imported = { stored: [], skipped: [], refused: [] };
  await vault.store.change(contents => {
    told = { stored: [], skipped: [], refused: [] };
    const deeds = found.flatMap(({ name, value, ...facts }) => {
      if (contents.has(name) && !overwrite) {
        told.skipped.push(name);
        return [];
      }
      try {
        const credential = requireCredential(settled(name, value, facts, contents.find(name)));
        if (!dryRun) contents.put(credential);
        told.stored.push(name);
        return [{ action: 'import' as const, name, type: credential.type }];
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        told.refused.push({ name, reason: error.message });
        return [];
      }
    });
    return dryRun ? [] : deeds;
  });
  return told;
}
