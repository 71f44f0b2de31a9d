import type { Plaintext } from '../../../core/crypto/plaintext.js';
import { type FieldFault, ValidationError } from '../../../core/context/errors.js';
import { type CertificateFacts, certificateFacts } from '../../../formats/certificate.js';
import { FormatError } from '../../../formats/format-error.js';
import type { KeyFacts } from '../../../formats/key-facts.js';
import { isPublicKey, privateKeyFacts } from '../../../formats/private-key.js';
import type { Credential } from '../credential.entity.js';
import { SECRETS_OF, type SecretField, secretsOfType } from '../../../formats/credential-types.js';

type Typed = Pick<Credential, 'credential_type' | 'secret_fields'>;

/**
 * 422 unless the secrets fit the type. What was stored before is judged only where the type changes, so that a
 * credential with an unfitting secret can still be changed otherwise.
 */
export function requireFitting(row: Typed, before?: Typed): void {
  const { credential_type: type, secret_fields: set } = row;
  const known = before?.credential_type === type ? before.secret_fields : [];
  const judged = set.filter(one => !known.includes(one));
  const allowed: readonly string[] = secretsOfType(type);
  const faults: FieldFault[] = judged
    .filter(one => !allowed.includes(one))
    .map(field => ({
      field,
      message: `is no secret of the type ${type}, which has ${allowed.join(', ')}`,
      rule: 'secret_field',
    }));
  const { required } = SECRETS_OF[type];
  const has = (fields: readonly string[]) => required.some(one => fields.includes(one));
  if (!has(set) && (before?.credential_type !== type || has(known)))
    faults.push({
      field: required[0],
      message:
        required.length === 1
          ? `is required for the type ${type}`
          : `or ${required.slice(1).join(' or ')} is required for the type ${type}`,
      rule: 'required',
    });
  if (faults.length > 0) throw new ValidationError(faults);
}

function refuse(field: SecretField, message: string): ValidationError {
  return ValidationError.of(field, message, field);
}

/** What the certificate says of itself; 422 where it is none. */
export function readCertificate(certificate: Plaintext): CertificateFacts {
  try {
    return certificateFacts(certificate.disclose());
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw refuse(
      'certificate',
      'must be an X.509 certificate in PEM (-----BEGIN CERTIFICATE-----), unaltered',
    );
  }
}

/** What is public of the private key; 422 where it is none. */
export function readPrivateKey(key: Plaintext): KeyFacts {
  const text = key.disclose();
  if (isPublicKey(text)) throw refuse('private_key', 'is a public key; the private one is meant');
  try {
    return privateKeyFacts(text);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw refuse('private_key', 'must be a private key in PEM, OpenSSH, PuTTY or OpenPGP format, unaltered');
  }
}
