import { createHash, type KeyObject } from 'node:crypto';

/** What is public of a key; null where the text does not tell without a passphrase. */
export interface KeyFacts {
  /** `RSA 2048`, `EC P-256`, `Ed25519`. */
  algorithm: string | null;
  /** `SHA256:` and base64 without padding, as `ssh-keygen -l` shows it; of a certificate SHA-256 in hex with colons. */
  fingerprint: string | null;
}

/** Curves by the names of OpenSSL, of SSH (RFC 5656) and of JWK: what NIST calls them. */
const CURVES: Record<string, string> = {
  prime256v1: 'P-256',
  nistp256: 'P-256',
  secp384r1: 'P-384',
  nistp384: 'P-384',
  secp521r1: 'P-521',
  nistp521: 'P-521',
};
const SSH_CURVES: Record<string, string> = { 'P-256': 'nistp256', 'P-384': 'nistp384', 'P-521': 'nistp521' };

export function curveName(name: string | undefined): string {
  return name === undefined ? 'EC' : `EC ${CURVES[name] ?? name}`;
}

/** The name of a key's algorithm with its size or curve. */
export function algorithmOf({
  asymmetricKeyType: type,
  asymmetricKeyDetails: details,
}: KeyObject): string | null {
  switch (type) {
    case undefined:
      return null;
    case 'ec':
      return curveName(details?.namedCurve);
    case 'rsa':
    case 'rsa-pss':
    case 'dsa':
      return `${type.toUpperCase()} ${details?.modulusLength ?? ''}`.trim();
    default:
      return type.charAt(0).toUpperCase() + type.slice(1);
  }
}

function field(bytes: Buffer | string): Buffer {
  const content = Buffer.from(bytes);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}

/** A positive number of RFC 4251: a leading zero where the first bit is set. */
function number(base64url: string | undefined): Buffer {
  const bytes = Buffer.from(base64url ?? '', 'base64url');
  return field((bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes);
}

/** The key as SSH names it (RFC 4253, 5656, 8709); undefined for what SSH does not know. */
export function sshBlob(key: KeyObject): Buffer | undefined {
  if (!['rsa', 'ec', 'ed25519'].includes(key.asymmetricKeyType ?? '')) return undefined;
  const jwk = key.export({ format: 'jwk' });
  if (jwk.kty === 'RSA') return Buffer.concat([field('ssh-rsa'), number(jwk.e), number(jwk.n)]);
  if (jwk.crv === 'Ed25519')
    return Buffer.concat([field('ssh-ed25519'), field(Buffer.from(jwk.x ?? '', 'base64url'))]);
  const curve = SSH_CURVES[jwk.crv ?? ''];
  if (curve === undefined) return undefined;
  const point = [
    Buffer.from([4]),
    Buffer.from(jwk.x ?? '', 'base64url'),
    Buffer.from(jwk.y ?? '', 'base64url'),
  ];
  return Buffer.concat([field(`ecdsa-sha2-${curve}`), field(curve), field(Buffer.concat(point))]);
}

export function sshFingerprint(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}
