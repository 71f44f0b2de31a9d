/** The master key is missing, malformed, published, or readable by others. The message never holds key bytes. */
export class MasterKeyError extends Error {
  override readonly name = 'MasterKeyError';
}

/** The master keys given do not open what the keystore holds. */
export class WrongMasterKeyError extends Error {
  override readonly name = 'WrongMasterKeyError';

  /** @param known kek_ids that the keystore's keys are wrapped by; `given` those of the keys at hand */
  constructor(
    readonly known: readonly string[],
    readonly given: readonly string[],
  ) {
    super(
      `The master key does not fit this keystore: its keys are wrapped by ${known.join(', ')}; ` +
        `given ${given.length > 1 ? 'were' : 'was'} ${given.join(', ')}. ` +
        'Set API_KEY_MASTER_KEY to the key with the known id, or give it as API_KEY_MASTER_KEY_PREVIOUS.',
    );
  }
}

/** The main database and the keystore do not belong to one installation. */
export class InstallMismatchError extends Error {
  override readonly name = 'InstallMismatchError';
}
