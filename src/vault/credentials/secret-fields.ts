export const CREDENTIAL_TYPES = [
  'password', 'api_key', 'oauth', 'ssh_key', 'shared_secret', 'jwt', 'connection_string', 'certificate',
] as const; // prettier-ignore

export const SECRET_FIELDS = [
  'password', 'api_key', 'client_secret', 'token', 'connection_string', 'private_key', 'passphrase', 'shared_secret',
  'certificate', 'totp_secret',
] as const; // prettier-ignore
export type SecretField = (typeof SECRET_FIELDS)[number];

/** Neither get nor reveal nor versions show it. */
export const NEVER_SHOWN: SecretField = 'totp_secret';

const MAIN: Record<string, SecretField> = {
  password: 'password',
  api_key: 'api_key',
  oauth: 'client_secret',
  ssh_key: 'private_key',
  shared_secret: 'shared_secret',
  jwt: 'token',
  connection_string: 'connection_string',
  certificate: 'certificate',
};

/** The secret that a credential of this type is about: what `rotate` replaces and the earlier clients read. */
export function mainField(credential_type: string): SecretField {
  return MAIN[credential_type] ?? 'password';
}

/** Random text can serve as these; keys, certificates and tokens are made elsewhere. */
export const GENERATED: ReadonlySet<SecretField> = new Set([
  'password',
  'api_key',
  'shared_secret',
  'passphrase',
]);
