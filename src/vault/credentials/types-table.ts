import { CREDENTIAL_TYPES, type SecretField, SECRETS_OF } from '../../formats/credential-types.js';

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
