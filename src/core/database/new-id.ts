import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const BYTES = 16;
/** Random bytes for as many ids; asking for those of one takes longer than all the rest of it. */
const pool = new Uint8Array(256 * BYTES);
let used = pool.length;
let moment = 0;
let sequence = 0;

/** A UUID of version 7, after all before it of this process: for rows and entries, of which there are many at once. */
export function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.subarray(used, (used += BYTES));
  const now = Date.now();
  if (now > moment) {
    moment = now;
    sequence = new DataView(random.buffer, random.byteOffset).getUint32(6) >>> 1;
  } else {
    sequence = (sequence + 1) >>> 0;
    if (sequence === 0) moment++;
  }
  return v7({ random, msecs: moment, seq: sequence });
}
