import { X509Certificate } from 'node:crypto';
import { FormatError } from './format-error.js';
import { algorithmOf, type KeyFacts } from './key-facts.js';
import { pemBlocks } from './pem.js';

export interface CertificateFacts extends KeyFacts {
  /** `CN=mail.example, O=Example`, at most 500 characters. */
  subject: string;
  /** ISO 8601 in UTC; null when it never ends (RFC 5280, 4.1.2.5). */
  expires_at: string | null;
}

const LABELS = new Set(['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE']);
const SUBJECT = 500;
const NEVER = Date.UTC(9999, 11, 31);

function leafOf(text: string): X509Certificate {
  for (const { label, bytes } of pemBlocks(text)) if (LABELS.has(label)) return new X509Certificate(bytes);
  throw new FormatError('Not a certificate in PEM');
}

function algorithm(certificate: X509Certificate): string | null {
  try {
    return algorithmOf(certificate.publicKey);
  } catch {
    return null; // an algorithm that OpenSSL does not know
  }
}

/**
 * What an X.509 certificate in PEM says of itself; of a chain its first one, to which the others belong.
 *
 * @throws FormatError when there is none, or it cannot be read
 */
export function certificateFacts(text: string): CertificateFacts {
  let leaf: X509Certificate;
  try {
    leaf = leafOf(text);
  } catch (error) {
    throw error instanceof FormatError ? error : new FormatError('The certificate cannot be read');
  }
  const ends = Date.parse(leaf.validTo);
  return {
    algorithm: algorithm(leaf),
    fingerprint: leaf.fingerprint256,
    subject: [...(leaf.subject ?? '').split('\n').join(', ')].slice(0, SUBJECT).join(''),
    expires_at: Number.isNaN(ends) || ends >= NEVER ? null : new Date(ends).toISOString(),
  };
}
