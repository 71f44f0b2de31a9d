import type { SealedText } from '../../crypto/sealed-text.js';
import { LongText, Uuid, Whole } from '../../table/field-decorators.js';
import { Stored } from '../../table/stored.js';

/** A piece of a body that is worked at after its request; sealed, because it may hold secrets. */
@Stored({ table: 'upload_pieces', unique: [['upload_id', 'n']] })
export class UploadPiece {
  @Uuid({ primary: true }) id!: string;
  @Uuid() upload_id!: string;
  /** From 0; -1 is what the upload is for. */
  @Whole({ index: false }) n!: number;
  @LongText() sealed!: SealedText;
}
