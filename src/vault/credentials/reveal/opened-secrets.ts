import type { Plaintext } from '../../../core/crypto/plaintext.js';
import type { SecretField } from '../../../formats/credential-types.js';

/** Secrets of a credential that were opened, by field. */
export type OpenedSecrets = Partial<Record<SecretField, Plaintext>>;

/** Secrets as an answer holds them. */
export type DisclosedSecrets = Partial<Record<SecretField, string>>;

/** What an answer holds of opened secrets; the right to them, the gate and the entry come before. */
export function disclose(opened: OpenedSecrets): DisclosedSecrets {
  const entries = Object.entries(opened) as [SecretField, Plaintext][];
  return Object.fromEntries(entries.map(([field, secret]) => [field, secret.disclose()]));
}
