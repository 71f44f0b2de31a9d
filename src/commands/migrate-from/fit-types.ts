import {
  CREDENTIAL_TYPES,
  type CredentialType,
  type SecretField,
  SECRETS_OF,
  secretsOfType,
} from '../../formats/credential-types.js';

/** A credential that some of the secrets of an earlier one become. */
export interface Part {
  type: CredentialType;
  fields: SecretField[];
}

const takes = (type: CredentialType, fields: readonly SecretField[]) =>
  SECRETS_OF[type].required.some(one => fields.includes(one));

/**
 * The types of credentials that hold these secrets: the one that was told where it can hold all of them, else any that
 * can, else several. Undefined where some belong to none.
 */
export function typesFor(told: string | undefined, fields: readonly SecretField[]): Part[] | undefined {
  const known = CREDENTIAL_TYPES.filter(one => one === told);
  const order = [...known, ...CREDENTIAL_TYPES];
  const holdsAll = (type: CredentialType) => fields.every(one => secretsOfType(type).includes(one));
  const whole = order.find(type => takes(type, fields) && holdsAll(type));
  if (whole) return [{ type: whole, fields: [...fields] }];
  const parts: Part[] = [];
  let left = [...fields];
  for (const type of order)
    if (takes(type, left)) {
      const own = left.filter(one => secretsOfType(type).includes(one));
      parts.push({ type, fields: own });
      left = left.filter(one => !own.includes(one));
    }
  return left.length === 0 && parts.length > 0 ? parts : undefined;
}
