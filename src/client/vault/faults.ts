import { ClientError, EXIT } from '../cli/errors.js';

// What a vault refuses. Some begin with the wording of the earlier programs, which people search for. No message holds a
// value, a key, or a name that was asked for: it may have been meant as a secret.

export const notFound = () => new ClientError('Credential not found', EXIT.missing, 'not_found');

export const taken = () =>
  new ClientError('There is a credential of that name already', EXIT.failed, 'conflict');

export const alreadyThere = (file: string) =>
  new ClientError(
    `There is a vault at ${file} already, and opskeep vault verify looks whether it is whole; ` +
      `for a new one move it and ${file}.d away`,
    EXIT.failed,
    'exists',
  );

export const remains = (file: string) =>
  new ClientError(
    `There is no vault at ${file}, but backups or a log of one are in ${file}.d: opskeep vault backup restore brings it ` +
      'back; for a new one move them away',
    EXIT.failed,
    'exists',
  );

export const noVault = (file: string) =>
  new ClientError(`There is no vault at ${file}: opskeep vault init makes one`, EXIT.missing, 'no_vault');

export const noKey = (where: string) =>
  new ClientError(`FPAI_CREDENTIALS_KEY environment variable not set, ${where}`, EXIT.failed, 'key_missing');

export const publishedKey = () =>
  new ClientError('This key is printed in public documents: everybody has it', EXIT.failed, 'key_invalid');

export const wrongKey = (needed: string, given: string) =>
  new ClientError(
    `Failed to decrypt vault: it was made with the key ${needed}, and this is the key ${given}`,
    EXIT.failed,
    'wrong_key',
  );

export const wrongPassphrase = () =>
  new ClientError('Wrong passphrase: the vault does not open with it', EXIT.failed, 'wrong_key');

/** `what` says what does not fit. */
export const damaged = (file: string, what: string) =>
  new ClientError(
    `Failed to decrypt vault: ${what}. ${file} was left as it is; opskeep vault backup list shows what can take its place`,
    EXIT.failed,
    'damaged',
  );

export const olderCopy = (file: string, found: number, known: number) =>
  new ClientError(
    `${file} is an older or another copy: its counter is ${found}, and this machine has seen ${known}. ` +
      'It was left as it is; opskeep vault verify --accept takes it knowingly',
    EXIT.failed,
    'older_copy',
  );

export const cutLog = (file: string) =>
  new ClientError(
    `The audit log ${file} was cut, altered or replaced; opskeep vault verify says more, and with --accept takes it knowingly`,
    EXIT.failed,
    'audit_log',
  );

export const notHeld = (lock: string) =>
  new ClientError(`The lock ${lock} was lost: the vault is as it was; try again`, EXIT.failed, 'locked');
