import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ClientError } from '../cli/errors.js';
import { readObject, writePrivate } from '../private-files.js';
import { serverFolder } from '../server-folder.js';

/** As long as the server knows a key (Idempotency-Key). */
const KNOWN_MS = 24 * 3_600_000;

/** A request that may have been done, although no answer came. */
interface Sent {
  key: string;
  body: object;
}

/** After these nothing was done, so that the same again is something new. */
const DEFINITE = new Set([
  'validation',
  'authorization',
  'authentication',
  'not_found',
  'no_token',
  'rate_limited',
]);

/**
 * Requests of one server under an Idempotency-Key. One that was not answered is kept on the disk, and sent again with the
 * same key and body when the same is wanted once more within a day: the server does it once. Answered, it is forgotten,
 * and the same again is something new.
 */
export class Unanswered {
  private readonly folder: string;

  constructor(url: string) {
    this.folder = join(serverFolder(url), 'unanswered');
  }

  /**
   * @param wanted what is the same when it is wanted again
   * @param body of the request, when it is a new one
   */
  async once<T>(
    wanted: unknown,
    body: object,
    send: (body: object, headers: Record<string, string>) => Promise<T>,
  ): Promise<{ answer: T; again: boolean }> {
    this.forgetOld();
    const name = createHash('sha256').update(JSON.stringify(wanted)).digest('hex').slice(0, 32);
    const file = join(this.folder, `${name}.json`);
    const known = this.read(file);
    const sent = known ?? { key: randomUUID(), body };
    if (!known) writePrivate(file, JSON.stringify(sent));
    try {
      const answer = await send(sent.body, { 'idempotency-key': sent.key });
      rmSync(file, { force: true });
      return { answer, again: known !== undefined };
    } catch (error) {
      const isDefinite = error instanceof ClientError && DEFINITE.has(error.code);
      if (isDefinite) rmSync(file, { force: true });
      throw error;
    }
  }

  private read(file: string): Sent | undefined {
    const { key, body } = readObject(file) ?? {};
    return typeof key === 'string' && typeof body === 'object' && body !== null ? { key, body } : undefined;
  }

  private forgetOld(): void {
    try {
      for (const name of readdirSync(this.folder)) {
        const path = join(this.folder, name);
        if (Date.now() - statSync(path).mtimeMs > KNOWN_MS) rmSync(path, { force: true });
      }
    } catch {
      // There is none yet, or another process has removed one just now.
    }
  }
}
