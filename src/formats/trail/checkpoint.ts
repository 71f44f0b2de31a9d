import { FormatError } from '../format-error.js';
import { HASH_BYTES } from './merkle.js';
import { openNote, signNote, type Verifier } from './signed-note.js';

/** The head of a tree (C2SP tlog-checkpoint). */
export interface TreeHead {
  /** Leaves. */
  size: number;
  root: Buffer;
}

/** A checkpoint: origin, size and root as a note that is signed by a key of the origin's name. */
export function signCheckpoint(origin: string, { size, root }: TreeHead, seed: Buffer): string {
  return signNote(`${origin}\n${size}\n${root.toString('base64')}\n`, origin, seed);
}

/**
 * Reads what somebody brings.
 *
 * @throws FormatError when it is no checkpoint of this origin that one of its keys has signed
 */
export function openCheckpoint(note: string, origin: string, publicKeys: readonly Buffer[]): TreeHead {
  const verifiers = publicKeys.map((publicKey): Verifier => ({ name: origin, publicKey }));
  const head = readHead(openNote(note, verifiers));
  if (head.origin !== origin) throw new FormatError('It is a checkpoint of another log');
  return { size: head.size, root: head.root };
}

/** Origin, size and root as a note says them; whether anybody has signed it is not asked. */
export function readHead(text: string): TreeHead & { origin: string } {
  const [origin = '', size = '', root = '', ...rest] = text.split('\n');
  const hash = Buffer.from(root, 'base64');
  const count = Number(size);
  const isWhole = text.endsWith('\n') && origin !== '' && rest.length > 0;
  if (
    !isWhole ||
    String(count) !== size ||
    !Number.isSafeInteger(count) ||
    count < 0 ||
    hash.length !== HASH_BYTES ||
    hash.toString('base64') !== root
  )
    throw new FormatError('It is not a checkpoint');
  return { origin, size: count, root: hash };
}
