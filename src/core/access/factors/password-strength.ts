import { Injectable } from '@nestjs/common';
import { currentContext, type RequestContext } from '../../context/request-context.js';
import { WorkersBusyError } from '../../workers/worker-thread.js';
import { Workers } from '../../workers/workers.js';

export type Score = 0 | 1 | 2 | 3 | 4;

/** For one password, and for all of one request: a thousand slow ones would keep the thread busy for minutes. */
const LIMIT_MS = 1_000;
const REQUEST_MS = 10_000;

/** How hard passwords are to guess. */
@Injectable()
export class PasswordStrength {
  private readonly spent = new WeakMap<RequestContext, number>();

  constructor(private readonly workers: Workers) {}

  /**
   * zxcvbn's score, 0 (at once) to 4, of the first 100 characters; null when it is not known, because it would have
   * taken too long. Words of what is known of the user (name, address) are worth nothing.
   */
  async score(password: string, known: string[] = []): Promise<Score | null> {
    const context = currentContext();
    const left = REQUEST_MS - ((context && this.spent.get(context)) ?? 0);
    if (left <= 0) return null;
    const began = performance.now();
    const limit = Math.min(LIMIT_MS, left);
    try {
      const input = { password: password.slice(0, 1000), known: known.map(text => text.slice(0, 1000)) };
      return await this.workers.run('passwordScore', input, limit);
    } catch (error) {
      if (error instanceof WorkersBusyError) return null;
      throw error;
    } finally {
      if (context) this.spent.set(context, REQUEST_MS - left + performance.now() - began);
    }
  }
}
