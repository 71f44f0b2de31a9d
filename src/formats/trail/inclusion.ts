/** A proof that one entry is in the tree of a checkpoint (C2SP tlog-proof). */
export interface Inclusion {
  /** From 0. */
  index: number;
  path: readonly Buffer[];
  /** The bytes of the leaf. */
  leaf: string;
  /** The checkpoint, verbatim. */
  note: string;
}

/** The text of the proof; its `extra` line holds the leaf, which a verifier hashes. */
export function proofText({ index, path, leaf, note }: Inclusion): string {
  const lines = [
    'c2sp.org/tlog-proof@v1',
    `extra ${Buffer.from(leaf).toString('base64')}`,
    `index ${index}`,
    ...path.map(one => one.toString('base64')),
  ];
  return `${lines.join('\n')}\n\n${note}`;
}
