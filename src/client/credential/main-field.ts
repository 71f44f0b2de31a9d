import {
  CREDENTIAL_TYPES,
  type CredentialType,
  GENERATED,
  mainField,
} from '../../formats/credential-types.js';

const isType = (text: string): text is CredentialType =>
  (CREDENTIAL_TYPES as readonly string[]).includes(text);

/** The secret that a credential of a type is about: what `get` prints, and `add` and `rotate` set, unless they name one. */
export const mainFieldOf = (type: string): string | undefined => (isType(type) ? mainField(type) : undefined);

/** Whether the server can make it: random text serves as it; keys, certificates and tokens are made elsewhere. */
export const isMakeable = (type: string): boolean => isType(type) && GENERATED.has(mainField(type));
