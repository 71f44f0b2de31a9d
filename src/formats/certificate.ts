import { X509Certificate } from 'node:crypto';
import { FormatError } from './format-error.js';
import { algorithmOf, type KeyFacts } from './key-facts.js';
import { pemBlocks } from './pem.js';

export interface CertificateFacts extends KeyFacts {
  /** `CN=mail.example, O=Example`, at most 500 characters. */
  subject: string;
  /** As the subject; null when there is none. */
  issuer: string | null;
  /** The names and addresses that it is for (RFC 5280, 4.2.1.6): DNS, IP, mail and URI; at most 100, each of 255 characters. */
  names: string[];
  /** ISO 8601 in UTC; null when it never ends (RFC 5280, 4.1.2.5). */
  expires_at: string | null;
}

const LABELS = new Set(['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE']);
/** Characters of a subject and an issuer. */
const NAMES_OF = 500;
const MOST_NAMES = 100;
const NAME = 255;
/** `DNS:mail.example`; what could be taken for several is quoted as in JSON. */
const ALTERNATIVE = /(?:^|, )(DNS|IP Address|email|URI):("(?:[^"\\]|\\.)*"|[^,]*)/g;
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

const cut = (text: string, most: number) => [...text].slice(0, most).join('');
const inOneLine = (name: string) => cut(name.split('\n').join(', '), NAMES_OF);

function namesOf({ subjectAltName = '' }: X509Certificate): string[] {
  const names = [...subjectAltName.matchAll(ALTERNATIVE)].map(([, , name = '']) =>
    name.startsWith('"') ? (JSON.parse(name) as string) : name,
  );
  return [...new Set(names.map(one => cut(one, NAME)))].filter(one => one !== '').slice(0, MOST_NAMES);
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
    subject: inOneLine(leaf.subject ?? ''),
    issuer: inOneLine(leaf.issuer ?? '') || null,
    names: namesOf(leaf),
    expires_at: Number.isNaN(ends) || ends >= NEVER ? null : new Date(ends).toISOString(),
  };
}
