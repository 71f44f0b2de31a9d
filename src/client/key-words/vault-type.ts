import { type SecretField, VAULT_TYPES } from '../../formats/credential-types.js';
import { isSecretKey, keyOfVariable } from './keys.js';
import { settledKey } from './values.js';

/** The type of the vault, by the field of the server. */
export const vaultTypeOf = (field: SecretField): string => VAULT_TYPES[field][0] ?? 'secret';

/** The type of a value by the variable that it stands in, where the name tells it: `SMTP_PASSWORD` is a password. */
export function vaultTypeOfVariable(name: string, value: string): string | undefined {
  const known = keyOfVariable(name);
  const key = known && settledKey(known.key, value);
  return key && isSecretKey(key) ? vaultTypeOf(key) : undefined;
}
