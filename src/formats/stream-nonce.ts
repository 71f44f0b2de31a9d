/** The nonce of STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015): a counter of 11 bytes, and what kind of chunk it is. */
export function streamNonce(count: number, kind: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(count, 5, 6);
  nonce[11] = kind;
  return nonce;
}
