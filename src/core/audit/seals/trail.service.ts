import { Injectable } from '@nestjs/common';
import { proofText } from '../../../formats/trail/inclusion.js';
import { EMPTY_ROOT, inclusionProof, leafHash } from '../../../formats/trail/merkle.js';
import { provesInclusion } from '../../../formats/trail/proof-check.js';
import { ConflictError, NotFoundError, UnavailableError } from '../../context/errors.js';
import { MainDatabase } from '../../database/main-database.js';
import type { Row } from '../../database/sql.js';
import { entryLeaf, LEAF_COLUMNS } from './entry-leaf.js';
import { SealKeys } from './seal-keys.js';
import { Sequencer } from './sequencer.js';
import { TrailError } from './trail-error.js';
import { overNodes, storedCheckpoint } from './tree-store.js';

/** What an auditor is given: the newest checkpoint, and the proof that an entry is in it. */
@Injectable()
export class Trail {
  constructor(
    private readonly database: MainDatabase,
    private readonly keys: SealKeys,
    private readonly sequencer: Sequencer,
  ) {}

  /**
   * The checkpoint over everything that is committed (C2SP tlog-checkpoint).
   *
   * @throws ConflictError when nothing may be signed on top of what the database has
   */
  async checkpoint(): Promise<string> {
    await this.seal();
    const note = await storedCheckpoint(this.database.connections.reader, Number.MAX_SAFE_INTEGER);
    return note ?? this.keys.sign({ size: 0, root: EMPTY_ROOT });
  }

  /**
   * The proof that an entry is in the newest checkpoint (C2SP tlog-proof), with its bytes.
   *
   * @throws NotFoundError; ConflictError when it is not the entry that was sealed; UnavailableError
   */
  async prove(id: string): Promise<string> {
    const { reader } = this.database.connections;
    const entry = await this.sealed(id);
    const index = Number(entry.seq) - 1;
    const leaf = entryLeaf(entry, index + 1);
    const note = await this.checkpoint();
    const { size, root } = await this.keys.open(note);
    try {
      const path = await overNodes(reader, node => inclusionProof(index, size, node));
      if (provesInclusion(leafHash(leaf), index, size, path, root))
        return proofText({ index, path, leaf, note });
    } catch (error) {
      if (!(error instanceof TrailError)) throw error;
    }
    throw new ConflictError('The entry is not the one that was sealed; verify the audit trail');
  }

  private async sealed(id: string): Promise<Row> {
    const text = `SELECT seq, ${LEAF_COLUMNS.join(', ')} FROM journal WHERE id = ?`;
    const read = () => this.database.connections.reader.select(text, [id]);
    let [entry] = await read();
    if (!entry) throw new NotFoundError('There is no such entry');
    if (entry.seq === null) {
      await this.seal();
      [entry] = await read();
    }
    if (!entry || entry.seq === null) throw new UnavailableError('The entry is not sealed yet');
    return entry;
  }

  private async seal(): Promise<void> {
    try {
      await this.sequencer.sealNow();
    } catch (error) {
      throw error instanceof TrailError ? new ConflictError(error.message) : error;
    }
  }
}
