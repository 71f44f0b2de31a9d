import { HeaderNotAuthentic, openChunks, sealChunks } from '../../formats/sealed-stream/chunks.js';
import { FormatError } from '../../formats/format-error.js';
import { newHeader, type StreamHeader } from '../../formats/sealed-stream/header.js';
import type { MasterKey } from './master-key/master-key.js';
import type { MasterKeys } from './master-key/master-key-set.js';

/** The master key that a file was sealed under is not among those at hand. */
export class MissingKeyError extends Error {
  override readonly name = 'MissingKeyError';

  constructor(
    readonly wanted: string,
    readonly given: readonly string[],
  ) {
    super(
      `It is sealed under the master key ${wanted}, and ${given.length > 0 ? `at hand ${given.length > 1 ? 'are' : 'is'} ${given.join(', ')}` : 'there is none at hand'}: ` +
        'set API_KEY_MASTER_KEY (or _FILE, or API_KEY_MASTER_KEY_PREVIOUS) to that key; in development, ' +
        'copy the master.key of its installation into the data folder (OPSKEEP_DATA).',
    );
  }
}

const purposeOf = (kind: string) => `opskeep/file/${kind}`;

/** A file sealed as a stream under a key of its own, which the master key and the salt of its header give (HKDF-SHA256). */
export function sealedFile(
  masterKey: MasterKey,
  kind: string,
  facts: Record<string, unknown>,
): { header: StreamHeader; seal: (plain: AsyncIterable<Uint8Array>) => AsyncGenerator<Buffer> } {
  const header = newHeader(kind, { ...facts, kek_id: masterKey.id });
  return {
    header,
    seal: plain => withKey(masterKey, header, key => sealChunks(key, header.bytes, plain)),
  };
}

/**
 * What follows the header, opened.
 *
 * @throws MissingKeyError; FormatError as `openChunks` does, also where the header names a key that has not sealed it
 */
export async function* openedFile(
  masterKeys: MasterKeys,
  header: StreamHeader,
  sealed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  const wanted = String(header.facts.kek_id);
  const masterKey = await masterKeys.reach(wanted);
  if (!masterKey) throw new MissingKeyError(wanted, masterKeys.ids);
  try {
    yield* withKey(masterKey, header, key => openChunks(key, header.bytes, sealed));
  } catch (error) {
    if (!(error instanceof HeaderNotAuthentic)) throw error;
    throw new FormatError(
      `its header was altered: the master key ${wanted}, which it names, has not sealed it`,
    );
  }
}

async function* withKey(
  masterKey: MasterKey,
  { kind, salt }: StreamHeader,
  work: (key: Buffer) => AsyncGenerator<Buffer>,
): AsyncGenerator<Buffer> {
  const key = masterKey.derive(purposeOf(kind), salt);
  try {
    yield* work(key);
  } finally {
    key.fill(0);
  }
}
