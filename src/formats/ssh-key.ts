import { FormatError } from './format-error.js';
import { curveName, type KeyFacts, sshFingerprint } from './key-facts.js';

const MAGIC = Buffer.from('openssh-key-v1\0', 'latin1');

/** Fields of SSH, each behind its length (RFC 4251). */
class SshFields {
  constructor(
    private readonly bytes: Buffer,
    private at = 0,
  ) {}

  number(): number {
    if (this.at + 4 > this.bytes.length) throw new FormatError('A field of an SSH key is cut off');
    this.at += 4;
    return this.bytes.readUInt32BE(this.at - 4);
  }

  next(): Buffer {
    const length = this.number();
    const end = this.at + length;
    if (end > this.bytes.length) throw new FormatError('A field of an SSH key is cut off');
    const content = this.bytes.subarray(this.at, end);
    this.at = end;
    return content;
  }
}

/** Bits of a positive number: a leading zero byte and leading zero bits do not count. */
function bitsOf(number: Buffer): number {
  const start = number.findIndex(byte => byte !== 0);
  return start < 0 ? 0 : (number.length - start) * 8 - Math.clz32(number[start] ?? 0) + 24;
}

/** @throws FormatError when it is no public key of SSH */
function sshPublicFacts(blob: Buffer): KeyFacts {
  const fields = new SshFields(blob);
  const type = fields.next().toString('latin1');
  const fingerprint = sshFingerprint(blob);
  if (type === 'ssh-rsa') {
    fields.next();
    return { algorithm: `RSA ${bitsOf(fields.next())}`, fingerprint };
  }
  if (type === 'ssh-dss') return { algorithm: `DSA ${bitsOf(fields.next())}`, fingerprint };
  const named = /^(?:sk-)?ssh-(ed25519|ed448)(?:@openssh\.com)?$/.exec(type)?.[1];
  if (named) return { algorithm: named.charAt(0).toUpperCase() + named.slice(1), fingerprint };
  const curve = /^(?:sk-)?ecdsa-sha2-([a-z0-9]{1,20})(?:@openssh\.com)?$/.exec(type)?.[1];
  if (curve) return { algorithm: curveName(curve), fingerprint };
  throw new FormatError('Not a key of SSH that is known');
}

/** The public half of an OpenSSH private key (PROTOCOL.key), which is in the clear even where the private one is not. */
export function opensshFacts(bytes: Buffer): KeyFacts {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw new FormatError('Not an OpenSSH private key');
  const fields = new SshFields(bytes, MAGIC.length);
  for (const _name of ['cipher', 'kdf', 'options of the kdf']) fields.next();
  if (fields.number() < 1) throw new FormatError('An OpenSSH private key without keys');
  return sshPublicFacts(fields.next());
}

/** The public half of a key of PuTTY (PPK 1 to 3). */
export function puttyFacts(text: string): KeyFacts {
  const lines = text.split(/\r?\n/);
  const at = lines.findIndex(line => line.startsWith('Public-Lines: '));
  const count = Number(lines[at]?.slice('Public-Lines: '.length));
  const base64 = lines.slice(at + 1, at + 1 + count).join('');
  if (at < 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw new FormatError('Not a key of PuTTY');
  return sshPublicFacts(Buffer.from(base64, 'base64'));
}
