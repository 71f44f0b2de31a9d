import { createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { base64, CHUNK, derived, LAST, MORE, TAG, VERSION, wrappingKey } from './age.js';
import { streamNonce } from './stream-nonce.js';
import { FormatError } from './format-error.js';

/** Bytes of the longest head of a file under a passphrase. */
const MOST_OF_HEAD = 1_024;
const SEALED_CHUNK = CHUNK + TAG.authTagLength;
const NONCE = 16;
/** A file that asks for more than 1 GiB of memory is none of ours. */
const MOST_LOG_N = 20;
const HEAD = new RegExp(
  `^${VERSION.replaceAll('.', '\\.')}\n-> scrypt ([A-Za-z0-9+/]{22}) (\\d{1,2})\n([A-Za-z0-9+/]{43})\n--- ([A-Za-z0-9+/]{43})\n`,
);

const CLOSED = 'does not open: the passphrase is another one, or the file is damaged';

function opened(key: Buffer, nonce: Buffer, sealed: Buffer): Buffer {
  const end = sealed.length - TAG.authTagLength;
  if (end < 0) throw new FormatError(CLOSED);
  const decipher = createDecipheriv('chacha20-poly1305', key, nonce, TAG);
  decipher.setAuthTag(sealed.subarray(end));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]);
  } catch {
    throw new FormatError(CLOSED);
  }
}

/**
 * What is in a file of age under a passphrase (C2SP age v1), piece by piece; that it is whole is known when it has
 * ended. The counterpart of {@link ageFile}.
 *
 * @throws FormatError for another passphrase, and for what is cut, altered or no such file
 */
export async function* openAgeFile(passphrase: string, bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let waiting = Buffer.alloc(0);
  let key: Buffer | undefined;
  let count = 0;
  for await (const piece of bytes) {
    waiting = Buffer.concat([waiting, piece]);
    if (!key) {
      const head = HEAD.exec(waiting.toString('latin1', 0, MOST_OF_HEAD));
      if (!head && waiting.length >= MOST_OF_HEAD) break;
      if (!head || waiting.length < head[0].length + NONCE) continue;
      const fileKey = await fileKeyOf(passphrase, head);
      const from = head[0].length + NONCE;
      key = derived(fileKey, waiting.subarray(head[0].length, from), 'payload');
      waiting = waiting.subarray(from);
    }
    // The last chunk is marked as such: so a full one waits for what comes after it.
    for (; waiting.length > SEALED_CHUNK; waiting = waiting.subarray(SEALED_CHUNK))
      yield opened(key, streamNonce(count++, MORE), waiting.subarray(0, SEALED_CHUNK));
  }
  if (!key) throw new FormatError('is no file of age under a passphrase');
  yield opened(key, streamNonce(count, LAST), waiting);
}

async function fileKeyOf(passphrase: string, head: RegExpExecArray): Promise<Buffer> {
  const [all, salt = '', logN = '', body = '', mac = ''] = head;
  if (Number(logN) > MOST_LOG_N || Number(logN) < 1)
    throw new FormatError('is no file of age under a passphrase');
  const wrapping = await wrappingKey(passphrase, Buffer.from(salt, 'base64'), Number(logN));
  const fileKey = opened(wrapping, Buffer.alloc(12), Buffer.from(body, 'base64'));
  const signed = all.slice(0, all.lastIndexOf(' '));
  const expected = createHmac('sha256', derived(fileKey, Buffer.alloc(0), 'header'))
    .update(signed)
    .digest();
  if (!timingSafeEqual(Buffer.from(base64(expected)), Buffer.from(mac))) throw new FormatError(CLOSED);
  return fileKey;
}
