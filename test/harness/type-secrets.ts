import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  type CredentialType,
  mainField,
  type SecretField,
  secretsOfType,
} from '../../src/formats/credential-types.js';

/** Self-signed, P-256, `CN=mail.acme.example, O=Acme Dental`. */
export const CERTIFICATE = {
  pem: `-----BEGIN CERTIFICATE-----
MIIBuDCCAV+gAwIBAgIUUcB7jKWrPckl6MmbjUGg+MDqsCQwCgYIKoZIzj0EAwIw
MjEaMBgGA1UEAwwRbWFpbC5hY21lLmV4YW1wbGUxFDASBgNVBAoMC0FjbWUgRGVu
dGFsMB4XDTI2MTEyNTE5MTE1NFoXDTM2MTEyMjE5MTE1NFowMjEaMBgGA1UEAwwR
bWFpbC5hY21lLmV4YW1wbGUxFDASBgNVBAoMC0FjbWUgRGVudGFsMFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAE3FxHxB/Ef8ampx6q2axFptTX+dqP6TqCKBKGESAO
qctHefohucyNBTqDBZlmTdYeGPOS+lvnHwTmoD9TZGGVoKNTMFEwHQYDVR0OBBYE
FOVt4IS1mm1QNdQsOm5E4XyChbjQMB8GA1UdIwQYMBaAFOVt4IS1mm1QNdQsOm5E
4XyChbjQMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgMddpTdWJ
MZeBG3H2CT9AbGLJot3MpqY1f4hjrtCqCtkCIANoowYYuFf/Zs8yZMHlZzZpL+vs
baf849j6ZgtSGF7C
-----END CERTIFICATE-----
`,
  algorithm: 'EC P-256',
  fingerprint:
    'F6:62:2F:70:A2:D9:DA:69:6F:2E:3B:BE:43:82:3E:24:7C:5C:B7:2A:48:87:4B:3B:04:98:E3:03:4C:8E:B0:DB',
  subject: 'CN=mail.acme.example, O=Acme Dental',
  expires_at: '2036-11-22T19:11:54.000Z',
};

/** Issued by `CN=Acme Root, O=Acme Dental`, for names of each kind, one of which looks like two. */
export const NAMED_CERTIFICATE = {
  pem: `-----BEGIN CERTIFICATE-----
MIICIDCCAcagAwIBAgIUA5Eb2cly0CKMPVHD0WIDS/EnbCowCgYIKoZIzj0EAwIw
KjESMBAGA1UEAwwJQWNtZSBSb290MRQwEgYDVQQKDAtBY21lIERlbnRhbDAeFw0y
NjExMjgwODQxMzFaFw00NjAxMjcwODQxMzFaMBwxGjAYBgNVBAMMEW1haWwuYWNt
ZS5leGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEjH+a3m3MGbFEpoim
qcB501+n0d/6vnSHGSwN/NJnGwAFUpeiaZOO2nYqtZQY2AFw3JjKWlczIsG6rwDD
MK6zhKOB1zCB1DCBkQYDVR0RBIGJMIGGghFtYWlsLmFjbWUuZXhhbXBsZYIOKi5h
Y21lLmV4YW1wbGWCE2EsIEROUzpldmlsLmV4YW1wbGWHBAoUAAWBD2l0QGFjbWUu
ZXhhbXBsZYYVaHR0cHM6Ly9hY21lLmV4YW1wbGUvoB4GCisGAQQBgjcUAgOgEAwO
eEBhY21lLmV4YW1wbGUwHQYDVR0OBBYEFO3rU1afkb6pPlpNCmk+9y1pWnAhMB8G
A1UdIwQYMBaAFOxZc7fq0rzjANGInLay1gQCYHqCMAoGCCqGSM49BAMCA0gAMEUC
IHBnpExhDyZ/KY5p+jDkbqCP3XSfmk5MWF15Nwk44YQxAiEAy7C3Sr37F6DMqxRA
hCqkO9cPqGDe1/YGjciftQl77g8=
-----END CERTIFICATE-----
`,
  issuer: 'CN=Acme Root, O=Acme Dental',
  names: [
    'mail.acme.example',
    '*.acme.example',
    'a, DNS:evil.example',
    '10.20.0.5',
    'it@acme.example',
    'https://acme.example/',
  ],
};

/** Self-signed, Ed25519, `CN=next.acme.example, O=Acme Dental`. */
export const NEXT_CERTIFICATE = {
  pem: `-----BEGIN CERTIFICATE-----
MIIBeTCCASugAwIBAgIURSZzGF4TqtzEkSFUL1AbBzKifCQwBQYDK2VwMDIxGjAY
BgNVBAMMEW5leHQuYWNtZS5leGFtcGxlMRQwEgYDVQQKDAtBY21lIERlbnRhbDAe
Fw0yNjExMjUxOTExNTRaFw00NjExMjAxOTExNTRaMDIxGjAYBgNVBAMMEW5leHQu
YWNtZS5leGFtcGxlMRQwEgYDVQQKDAtBY21lIERlbnRhbDAqMAUGAytlcAMhAGy6
LttB8dOdtDNLt0mqgf3qS2VL+gosC/DqffSfkBJBo1MwUTAdBgNVHQ4EFgQUu7d9
mDJf36JvE+iY4/Rx2Y6KElMwHwYDVR0jBBgwFoAUu7d9mDJf36JvE+iY4/Rx2Y6K
ElMwDwYDVR0TAQH/BAUwAwEB/zAFBgMrZXADQQBmSs8gvAPbR9TYalcSEXlqoLSN
HNCnIHBlZuDVz7m/52KhEi8/FHCa3BDJDt3RR+G696RfqPcsspyFlM5PS4sN
-----END CERTIFICATE-----
`,
  algorithm: 'Ed25519',
  fingerprint:
    '0F:42:04:2D:0E:CB:0C:5C:FD:3F:28:DA:56:1D:7A:DE:91:EC:07:28:30:E2:0E:2D:EC:D8:C4:96:39:FF:1C:09',
  subject: 'CN=next.acme.example, O=Acme Dental',
  expires_at: '2046-11-20T19:11:54.000Z',
};

export const SEED = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

/** A private key in PEM, new each time. */
export function privateKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
}

/** A secret that is valid in this field, with signs at its ends that nobody may trim away. */
export function secretFor(field: SecretField): string {
  switch (field) {
    case 'certificate':
      return CERTIFICATE.pem;
    case 'private_key':
      return privateKey();
    case 'totp_secret':
      return SEED;
    default:
      return `  CANARY ${field} ${randomBytes(9).toString('base64url')}\n`;
  }
}

/** The secret that a credential of this type cannot be without. */
export function requiredSecret(type: CredentialType): Partial<Record<SecretField, string>> {
  return { [mainField(type)]: secretFor(mainField(type)) };
}

/** Every secret that a credential of this type may have. */
export function allSecrets(type: CredentialType): Partial<Record<SecretField, string>> {
  return Object.fromEntries(secretsOfType(type).map(field => [field, secretFor(field)]));
}
