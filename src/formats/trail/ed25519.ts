import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** What stands before the 32 bytes in PKCS #8 and in SubjectPublicKeyInfo (RFC 8410). */
const PRIVATE = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC = Buffer.from('302a300506032b6570032100', 'hex');
const BYTES = 32;

const privateKey = (seed: Buffer) =>
  createPrivateKey({ key: Buffer.concat([PRIVATE, seed]), format: 'der', type: 'pkcs8' });

/** The public key of a seed (RFC 8032, section 5.1.5), both of 32 bytes. */
export function publicKeyOf(seed: Buffer): Buffer {
  const key: KeyObject = createPublicKey(privateKey(seed));
  return key.export({ format: 'der', type: 'spki' }).subarray(PUBLIC.length);
}

/** A signature of 64 bytes (RFC 8032). */
export function signEd25519(seed: Buffer, message: string): Buffer {
  return sign(null, Buffer.from(message), privateKey(seed));
}

/** A verification of the trail opens thousands of checkpoints with the same key. */
const parsed = new WeakMap<Buffer, KeyObject>();

function publicKeyObject(publicKey: Buffer): KeyObject {
  let key = parsed.get(publicKey);
  if (!key) {
    key = createPublicKey({ key: Buffer.concat([PUBLIC, publicKey]), format: 'der', type: 'spki' });
    parsed.set(publicKey, key);
  }
  return key;
}

/** @param publicKey 32 bytes, which are not changed afterwards */
export function verifiesEd25519(publicKey: Buffer, message: string, signature: Buffer): boolean {
  return (
    publicKey.length === BYTES && verify(null, Buffer.from(message), publicKeyObject(publicKey), signature)
  );
}
