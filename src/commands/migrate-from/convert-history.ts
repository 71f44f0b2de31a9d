import type { BroughtEntry } from '../../operations/earlier-entries/earlier-entries.service.js';
import type { Converter } from './converter.js';
import type { EarlierSystem } from './earlier-rows.js';
import type { Count } from './tally.js';

/** Entries of the history in one unit. */
const ONCE = 500;

/**
 * Brings the audit entries of an earlier system, each once.
 *
 * @param keys of credentials that came, by what names them at the source
 */
export async function convertHistory(
  { imported, types, history }: Converter,
  system: EarlierSystem,
  keys: ReadonlyMap<string, string>,
  count: Count,
  progress: () => void,
): Promise<void> {
  let waiting: (BroughtEntry & { credential: string | null })[] = [];
  const flush = async () => {
    const named = waiting.flatMap(one => one.credential ?? []);
    const known = await imported.there(types.Credential, [...new Set(named)]);
    const entries = waiting.map(({ credential, ...entry }) => ({
      ...entry,
      credential_id: known.get(credential ?? '') ?? null,
    }));
    const fresh = await history.bring(system.kind, entries);
    count.brought += fresh;
    count.there += entries.length - fresh;
    waiting = [];
  };
  for await (const { named, credential, columns, faults } of system.history()) {
    progress();
    if (faults.length > 0) continue;
    const key = imported.keyOf(system.kind, system.label, 'history', ...named);
    waiting.push({
      id: key,
      credential_id: null,
      credential: keys.get(credential ?? '') ?? null,
      row: columns,
    });
    if (waiting.length >= ONCE) await flush();
  }
  if (waiting.length > 0) await flush();
}
