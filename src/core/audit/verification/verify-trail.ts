import type { HeadFile } from '../seals/head-file.js';
import { openedBy } from '../seals/trusted-head.js';
import type { Anchor } from './sealed-tree.js';
import { trailFault, type Verification } from './verification.js';
import { verifyJournal, type Verifying } from './verify-journal.js';

/** Checkpoints that were kept elsewhere, by what they are called. */
export type Checkpoints = Record<string, string>;

/** Verifies the journal, and that it contains what this machine, and whoever kept a checkpoint, knows of it. */
export async function verifyTrail(
  given: Omit<Verifying, 'anchors'> & { file: HeadFile },
  checkpoints: Checkpoints = {},
): Promise<Verification> {
  const { file, ...verifying } = given;
  const kept = await file.read();
  const notes = { ...(kept === undefined ? {} : { [file.path]: kept }), ...checkpoints };
  const anchors: Anchor[] = [];
  const strange: string[] = [];
  for (const [called, note] of Object.entries(notes)) {
    const head = await openedBy(verifying.seals, note);
    if (head) anchors.push({ ...head, called });
    else strange.push(called);
  }
  const found = await verifyJournal({ ...verifying, anchors });
  const says = (called: string) => `${called} is not a checkpoint that this installation has signed`;
  found.faults.push(...strange.map(called => trailFault('checkpoint', null, says(called))));
  found.fault_count += strange.length;
  found.ok &&= strange.length === 0;
  return found;
}
