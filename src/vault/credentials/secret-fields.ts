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

/** The table of the types for the document, in Markdown. */
export function typesTable(): string {
  const code = (fields: readonly SecretField[], joint: string) => fields.map(one => `\`${one}\``).join(joint);
  return [
    '| type | required | allowed beside it |',
    '|---|---|---|',
    ...CREDENTIAL_TYPES.map(type => {
      const { required, allowed } = SECRETS_OF[type];
      return `| \`${type}\` | ${code(required, ' or ')} | ${code(allowed, ', ')} |`;
    }),
  ].join('\n');
}

/** Random text can serve as these; keys, certificates and tokens are made elsewhere. */
export const GENERATED: ReadonlySet<SecretField> = new Set([
  'password',
  'api_key',
  'client_secret',
  'shared_secret',
  'passphrase',
]);
