import { isSecretKey, keyOfVariable, type SecretKey } from './reading/keys.js';
import { settledKey } from './reading/values.js';

/** The types of the vault, by the field of the server. */
const TYPES: Partial<Record<SecretKey, string>> = {
  password: 'password',
  api_key: 'api_key',
  token: 'access_token',
  connection_string: 'connection_string',
};

export const vaultTypeOf = (field: SecretKey): string => TYPES[field] ?? 'secret';

/** The type of a value by the variable that it stands in, where the name tells it: `SMTP_PASSWORD` is a password. */
export function vaultTypeOfVariable(name: string, value: string): string | undefined {
  const known = keyOfVariable(name);
  const key = known && settledKey(known.key, value);
  return key && isSecretKey(key) ? vaultTypeOf(key) : undefined;
}
