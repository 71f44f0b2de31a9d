import './upload-piece.entity.js';
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { TooLargeError } from '../../context/errors.js';
import { Opener } from '../../crypto/opener.js';
import { Plaintext } from '../../crypto/plaintext.js';
import { sealsIn } from '../../crypto/sealed-places.js';
import { sealedForColumn, sealedFromColumn } from '../../crypto/sealed-text.js';
import { Sealer } from '../../crypto/sealer.js';
import { MainDatabase } from '../../database/main-database.js';
import { newId } from '../../database/new-id.js';
import { changeOne } from '../../database/transact.js';

/** Bytes of a piece before it is made smaller and sealed. */
const PIECE = 256 * 1024;
const MIB = 1024 * 1024;
/** Where the purpose stands: before the first piece, so that no content of a file is taken for it. */
const PURPOSE = -1;
const smaller = promisify(deflateRaw);
const larger = promisify(inflateRaw) as (bytes: Buffer, options: object) => Promise<Buffer>;

/** Pieces of an upload are gone: it was removed, or the database was restored. */
export class UploadGoneError extends Error {
  override readonly name = 'UploadGoneError';
}

/**
 * Bodies that are worked at after their request, by this process or another: in the database, in pieces that are sealed
 * for their upload and their place in it. No entry tells of them: who uploads has one.
 */
@Injectable()
export class Uploads {
  constructor(
    private readonly database: MainDatabase,
    private readonly sealer: Sealer,
    private readonly opener: Opener,
  ) {}

  /**
   * Keeps what comes in. Memory holds a piece at a time.
   *
   * @param first is given the beginning, up to 256 KiB, before anything is stored, and may refuse it
   * @throws TooLargeError beyond `most` bytes; whatever `first` throws
   */
  async keep(
    upload_id: string,
    source: AsyncIterable<Uint8Array>,
    most: number,
    first: (start: Buffer, isAll: boolean) => Promise<void>,
  ): Promise<{ bytes: number; pieces: number }> {
    let [bytes, pieces] = [0, 0];
    for await (const { piece, isLast } of inPieces(source, PIECE)) {
      bytes += piece.length;
      if (bytes > most) throw new TooLargeError(`The file has more than ${most / MIB} MiB`);
      if (pieces === 0) await first(piece, isLast);
      await this.store(upload_id, pieces++, piece);
    }
    return { bytes, pieces };
  }

  /** @throws UploadGoneError; OpeningError for a piece that was altered or moved */
  async *read(upload_id: string, pieces: number): AsyncGenerator<Buffer> {
    for (let n = 0; n < pieces; n++) yield await this.load(upload_id, n);
  }

  /** Keeps, sealed beside it, what an upload is for: whoever writes in the database cannot say something else of it. */
  async keepPurpose(upload_id: string, purpose: string): Promise<void> {
    await this.store(upload_id, PURPOSE, Buffer.from(purpose));
  }

  /** @throws UploadGoneError; OpeningError where it was altered or moved */
  async purposeOf(upload_id: string): Promise<string> {
    return (await this.load(upload_id, PURPOSE)).toString();
  }

  async forget(upload_id: string): Promise<void> {
    await changeOne(this.database, 'DELETE FROM upload_pieces WHERE upload_id = ?', [upload_id]);
  }

  private async load(upload_id: string, n: number): Promise<Buffer> {
    const text = 'SELECT sealed FROM upload_pieces WHERE upload_id = ? AND n = ?';
    const [row] = await this.database.connections.reader.select<{ sealed: string }>(text, [upload_id, n]);
    if (!row) throw new UploadGoneError('The file is not there any more');
    const opened = await this.opener.open(place(upload_id, n), sealedFromColumn(row.sealed));
    return larger(Buffer.from(opened.disclose(), 'base64'), { maxOutputLength: PIECE });
  }

  private async store(upload_id: string, n: number, piece: Buffer): Promise<void> {
    const plain = Plaintext.of((await smaller(piece, { level: 1 })).toString('base64'));
    const sealed = await this.sealer.sealOwn('idempotency', place(upload_id, n), plain);
    const text = 'INSERT INTO upload_pieces (id, upload_id, n, sealed) VALUES (?, ?, ?, ?)';
    await changeOne(this.database, text, [newId(), upload_id, n, sealedForColumn(sealed)]);
  }
}

const place = (upload_id: string, n: number) => ({
  table: 'upload_pieces',
  row_id: upload_id,
  field: 'sealed',
  version: n + 1,
});

sealsIn({
  table: 'upload_pieces',
  column: 'sealed',
  needs: ['upload_id', 'n'],
  place: row => place(String(row.upload_id), Number(row.n)),
});

/** Pieces of one size, but for the last; nothing is one that is empty. */
async function* inPieces(
  source: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<{ piece: Buffer; isLast: boolean }> {
  let waiting = Buffer.alloc(0);
  for await (const bytes of source) {
    waiting = waiting.length === 0 ? Buffer.from(bytes) : Buffer.concat([waiting, bytes]);
    for (; waiting.length > size; waiting = waiting.subarray(size))
      yield { piece: waiting.subarray(0, size), isLast: false };
  }
  yield { piece: waiting, isLast: true };
}
