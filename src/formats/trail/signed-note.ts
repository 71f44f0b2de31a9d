import { createHash } from 'node:crypto';
import { FormatError } from '../format-error.js';
import { publicKeyOf, signEd25519, verifiesEd25519 } from './ed25519.js';

/** The type of a signature of Ed25519 (C2SP signed-note). */
const ED25519 = 1;
const ID_BYTES = 4;
/** More is no note of ours: 16 signatures, some of them with thousands of bytes. */
const MAX_LENGTH = 200_000;
const MAX_SIGNATURES = 100;
const LINE = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/;

/** A key whose signatures are believed. */
export interface Verifier {
  name: string;
  /** 32 bytes. */
  publicKey: Buffer;
}

function keyId({ name, publicKey }: Verifier): Buffer {
  const named = Buffer.concat([Buffer.from(`${name}\n`), Buffer.from([ED25519]), publicKey]);
  return createHash('sha256').update(named).digest().subarray(0, ID_BYTES);
}

/** A name that may stand in a signature line: not empty, no space, no `+`. */
function isName(name: string): boolean {
  return /^[^\s+]+$/.test(name);
}

/** `<name>+<key id>+<base64 of type and public key>`: what a program that verifies is given (C2SP signed-note). */
export function verifierKey(verifier: Verifier): string {
  const key = Buffer.concat([Buffer.from([ED25519]), verifier.publicKey]).toString('base64');
  return `${verifier.name}+${keyId(verifier).toString('hex')}+${key}`;
}

/** @throws FormatError when it is not a verifier key of Ed25519 */
export function parseVerifierKey(text: string): Verifier {
  const [, name = '', id = '', key = ''] =
    /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  const bytes = Buffer.from(key, 'base64');
  const verifier = { name, publicKey: bytes.subarray(1) };
  if (bytes.length !== 33 || bytes[0] !== ED25519 || keyId(verifier).toString('hex') !== id)
    throw new FormatError('It is not a verifier key of Ed25519');
  return verifier;
}

/**
 * Signs a text that ends with a newline (C2SP signed-note).
 *
 * @param seed 32 bytes
 */
export function signNote(text: string, name: string, seed: Buffer): string {
  if (!text.endsWith('\n') || !isName(name)) throw new TypeError('It cannot be signed as a note');
  const id = keyId({ name, publicKey: publicKeyOf(seed) });
  return `${text}\n— ${name} ${Buffer.concat([id, signEd25519(seed, text)]).toString('base64')}\n`;
}

/**
 * The text of a note that one of the keys has signed. Signatures by other keys are ignored; a wrong one by a key that
 * is known refuses the note.
 *
 * @throws FormatError when it is no note, or none of the keys has signed it
 */
export function openNote(note: string, verifiers: readonly Verifier[]): string {
  const { text, signatures } = parts(note);
  let signed = false;
  for (const { name, id, signature } of signatures) {
    const known = verifiers.filter(one => one.name === name && keyId(one).equals(id));
    for (const one of known) {
      if (!verifiesEd25519(one.publicKey, text, signature))
        throw new FormatError('The signature does not fit the text');
      signed = true;
    }
  }
  if (!signed) throw new FormatError('No key that is known has signed it');
  return text;
}

function parts(note: string): {
  text: string;
  signatures: { name: string; id: Buffer; signature: Buffer }[];
} {
  if (note.length > MAX_LENGTH || /[\u0000-\u0009\u000b-\u001f]/.test(note) || !note.endsWith('\n'))
    throw new FormatError('It is not a signed note');
  const end = note.lastIndexOf('\n\n');
  const lines = note.slice(end + 2, -1).split('\n');
  if (end < 0 || lines.length > MAX_SIGNATURES) throw new FormatError('It is not a signed note');
  const signatures = lines.map(line => {
    const [, name = '', base64 = ''] = LINE.exec(line) ?? [];
    const bytes = Buffer.from(base64, 'base64');
    if (bytes.length <= ID_BYTES || bytes.toString('base64') !== base64 || !isName(name))
      throw new FormatError('A line of signatures is malformed');
    return { name, id: bytes.subarray(0, ID_BYTES), signature: bytes.subarray(ID_BYTES) };
  });
  return { text: note.slice(0, end + 1), signatures };
}
