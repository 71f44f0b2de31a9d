import { FormatError } from '../../../formats/format-error.js';
import type { TreeHead } from '../../../formats/trail/checkpoint.js';
import type { Sql } from '../../database/sql.js';
import type { HeadFile } from './head-file.js';
import type { Opener, SealKeys } from './seal-keys.js';
import { TrailError } from './trail-error.js';
import { begins, storedCheckpoint } from './tree-store.js';

export const areEqual = (one: TreeHead, other: TreeHead) =>
  one.size === other.size && one.root.equals(other.root);

/** Whether a stored tree begins with all entries of one of which the head is known. @throws TrailError */
export async function contains(sql: Sql, head: TreeHead, known: TreeHead): Promise<boolean> {
  if (known.size >= head.size) return areEqual(known, head);
  return begins(sql, known);
}

/**
 * The newest head that this process, or another one on this machine, has seen signed. Nothing is signed that does not
 * contain it: a log that signs two histories proves nothing (C2SP tlog-checkpoint).
 */
export class TrustedHead {
  private known?: TreeHead;

  constructor(
    private readonly keys: SealKeys,
    private readonly file: HeadFile,
  ) {}

  /** Reads what was seen before this process began. @throws TrailError when it was signed by nobody here */
  async begin(): Promise<void> {
    this.known ??= await this.ofFile();
  }

  /** A newer one, which was committed. Another process on this machine may have gone further, and said so before. */
  async move(head: TreeHead, note: string): Promise<void> {
    this.known = head;
    await this.file.write(note, async there => {
      const known = there === undefined ? undefined : await openedBy(this.keys, there);
      return known !== undefined && known.size > head.size;
    });
  }

  /** @throws TrailError when nothing may be signed on top of what the database has */
  async accept(sql: Sql, head: TreeHead): Promise<void> {
    const { known } = this;
    if (known && areEqual(known, head)) return;
    await this.requireSigned(sql, head);
    if (!known || (await contains(sql, head, known))) return;
    // Somebody may have taken an older state knowingly, since this process began.
    const taken = await this.ofFile();
    if (!taken || !(await contains(sql, head, taken)))
      throw new TrailError(
        `The audit trail of the database, with ${head.size} sealed entries, does not contain what was sealed here up to ` +
          `entry ${known.size}: it is an older copy, or has another history`,
      );
    this.known = taken;
  }

  /** What is extended was signed by this installation: a head that somebody else wrote is not made ours. */
  private async requireSigned(sql: Sql, head: TreeHead): Promise<void> {
    const note = await storedCheckpoint(sql, Number.MAX_SAFE_INTEGER);
    if (note === undefined && head.size === 0) return;
    const signed = note === undefined ? undefined : await openedBy(this.keys, note);
    if (!signed || !areEqual(signed, head))
      throw new TrailError('The head of the audit trail is not the one that was signed last');
  }

  private async ofFile(): Promise<TreeHead | undefined> {
    const note = await this.file.read();
    if (note === undefined) return undefined;
    const head = await openedBy(this.keys, note);
    if (!head)
      throw new TrailError(`${this.file.path} is not a checkpoint that this installation has signed`);
    return head;
  }
}

/** What a checkpoint says; undefined when nobody here has signed it. */
export async function openedBy(keys: Opener, note: string): Promise<TreeHead | undefined> {
  try {
    return await keys.open(note);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
