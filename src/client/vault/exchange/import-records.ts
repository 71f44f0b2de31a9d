import { UsageError } from '../../cli/errors.js';
import { vaultTypeOfVariable } from '../../key-words/vault-type.js';
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

/** A file may say anything, which is judged when it is stored. */
const likelyType = (name: string, value: unknown) =>
  typeof value === 'string' ? vaultTypeOfVariable(name, value) : undefined;

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
        const before = contents.find(name);
        const type = facts.type ?? before?.type ?? likelyType(name, value);
        const credential = requireCredential(settled(name, value, { ...facts, type }, before));
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
