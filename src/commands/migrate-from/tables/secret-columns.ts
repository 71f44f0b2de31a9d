import {
  COLUMNS_AS,
  fieldsByName,
  SECRET_FIELDS,
  type SecretField,
} from '../../../formats/credential-types.js';

/** A column of an earlier system that holds a secret. */
export interface SecretColumn {
  column: string;
  /** Its secret as the earlier system called it: `oauth_token`. */
  told: string;
  /** Its name says that it is encrypted. */
  isSealed: boolean;
}

const SEALED = /^(?:encrypted_(.+)|(.+)_encrypted)$/i;
const ALIASES = fieldsByName(COLUMNS_AS);

const isSecretField = (name: string): name is SecretField =>
  (SECRET_FIELDS as readonly string[]).includes(name);

/** What a column says of secrets by its name; `renamed` tells of others what they are. */
export function secretColumn(column: string, renamed: ReadonlyMap<string, string>): SecretColumn | undefined {
  const [, before, behind] = SEALED.exec(column) ?? [];
  const told = renamed.get(column) ?? (before ?? behind ?? column).toLowerCase();
  const isSealed = (before ?? behind) !== undefined;
  return isSealed || isSecretField(told) || ALIASES.has(told) || told === 'secret_key'
    ? { column, told, isSealed }
    : undefined;
}

/** The field of a secret; a secret key goes with the key beside it. Undefined where nothing here is called so. */
export function secretFieldOf(told: string, others: ReadonlySet<string>): SecretField | undefined {
  if (told === 'secret_key') return others.has('api_key') ? 'client_secret' : 'shared_secret';
  return isSecretField(told) ? told : ALIASES.get(told);
}
