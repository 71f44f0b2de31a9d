export const CREDENTIAL_TYPES = [
  'password',
  'api_key',
  'oauth',
  'ssh_key',
  'shared_secret',
  'jwt',
  'connection_string',
  'certificate',
] as const;
export type CredentialType = (typeof CREDENTIAL_TYPES)[number];

export const SECRET_FIELDS = [
  'password',
  'api_key',
  'client_secret',
  'token',
  'connection_string',
  'private_key',
  'passphrase',
  'shared_secret',
  'certificate',
  'totp_secret',
] as const;
export type SecretField = (typeof SECRET_FIELDS)[number];

/** Neither get nor reveal nor versions show it. */
export const NEVER_SHOWN: SecretField = 'totp_secret';

/** Which secrets a type of credential has. */
export interface TypeOfSecrets {
  /** At least one of them is set. The first is what the credential is about: what `rotate` replaces. */
  required: readonly [SecretField, ...SecretField[]];
  /** May be set beside them. */
  allowed: readonly SecretField[];
}

export const SECRETS_OF: Record<CredentialType, TypeOfSecrets> = {
  password: { required: ['password'], allowed: ['totp_secret'] },
  api_key: { required: ['api_key'], allowed: ['client_secret', 'totp_secret'] },
  oauth: { required: ['client_secret', 'token'], allowed: ['password', 'totp_secret'] },
  ssh_key: { required: ['private_key'], allowed: ['passphrase', 'password', 'totp_secret'] },
  shared_secret: { required: ['shared_secret'], allowed: [] },
  jwt: { required: ['token'], allowed: ['shared_secret', 'private_key'] },
  connection_string: { required: ['connection_string'], allowed: ['password'] },
  certificate: { required: ['certificate'], allowed: ['private_key', 'passphrase'] },
};

/** All secrets that a credential of this type may have. */
export function secretsOfType(credential_type: CredentialType): readonly SecretField[] {
  const { required, allowed } = SECRETS_OF[credential_type];
  return [...required, ...allowed];
}

/** The secret that a credential of this type is about: what `rotate` replaces and the earlier clients read. */
export function mainField(credential_type: CredentialType): SecretField {
  return SECRETS_OF[credential_type].required[0];
}

/** Random text can serve as these; keys, certificates and tokens are made elsewhere. */
export const GENERATED: ReadonlySet<SecretField> = new Set([
  'password',
  'api_key',
  'client_secret',
  'shared_secret',
  'passphrase',
]);

/** How people write them in notes, without blanks, dashes, underscores and case; none where nobody writes them so. */
export const WRITTEN_AS: Record<SecretField, readonly string[]> = {
  password: ['password', 'pass', 'pwd', 'passwd'],
  api_key: ['apikey', 'key'],
  client_secret: ['clientsecret', 'secret', 'secretkey'],
  token: ['token', 'accesstoken', 'bearer', 'bearertoken', 'apitoken', 'authtoken'],
  connection_string: ['connectionstring', 'connstr', 'connstring', 'dsn'],
  private_key: [],
  passphrase: [],
  shared_secret: [],
  certificate: [],
  totp_secret: [],
};

/** What columns of earlier systems are called that hold them, beside their own names. */
export const COLUMNS_AS: Record<SecretField, readonly string[]> = {
  password: ['passwd', 'pwd'],
  api_key: [],
  client_secret: [],
  token: ['oauth_token', 'access_token', 'bearer_token'],
  connection_string: [],
  private_key: ['ssh_key'],
  passphrase: [],
  shared_secret: [],
  certificate: [],
  totp_secret: ['totp', 'otp_secret'],
};

/** What local vaults call the type of such a value, the one of today first; a `secret` where they have none for it. */
export const VAULT_TYPES: Record<SecretField, readonly string[]> = {
  password: ['password'],
  api_key: ['api_key'],
  client_secret: [],
  token: ['access_token', 'token'],
  connection_string: ['connection_string'],
  private_key: ['ssh_key', 'private_key'],
  passphrase: [],
  shared_secret: ['secret'],
  certificate: ['certificate'],
  totp_secret: [],
};

/** A table of names, as the field that each is a name of. */
export function fieldsByName(names: Record<SecretField, readonly string[]>): Map<string, SecretField> {
  return new Map(SECRET_FIELDS.flatMap(field => names[field].map(name => [name, field] as const)));
}
