import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { WorkerThread } from '../../core/workers/worker-thread.js';

interface Tasks {
  /** Of each text, its tokens as o200k_base counts them. */
  count: { input: { texts: string[] }; output: number[] };
}

/** Models count differently: o200k_base and a margin come close to those that are in use. */
const MARGIN = 1.15;
const LIMIT_MS = 5_000;
const MOST_KEPT = 20_000;
/** Characters of a text that is kept; longer ones are counted anew. */
const LONGEST_KEPT = 1_000;
const MOST_CHARACTERS = 4_000_000;

/**
 * Estimates how many tokens texts have: o200k_base (gpt-tokenizer) and 15 % on top, rounded up. Its tables take half a
 * second to load, so a thread does it, when it is first asked.
 */
@Injectable()
export class TokenCounter extends WorkerThread<Tasks> implements OnApplicationShutdown {
  private readonly known = new LRUCache<string, number>({
    max: MOST_KEPT,
    maxSize: MOST_CHARACTERS,
    sizeCalculation: (_count, text) => text.length || 1,
  });

  constructor() {
    super(new URL('./token-worker.mjs', import.meta.url));
  }

  /** A number for each text, in their order. */
  async tokensOf(texts: readonly string[]): Promise<number[]> {
    const unknown = [...new Set(texts)].filter(text => !this.known.has(text));
    const counted = new Map<string, number>();
    if (unknown.length > 0) {
      const counts = await this.run('count', { texts: unknown }, LIMIT_MS);
      unknown.forEach((text, n) => counted.set(text, Math.ceil((counts[n] ?? 0) * MARGIN)));
    }
    const tokens = texts.map(text => counted.get(text) ?? this.known.get(text) ?? 0);
    for (const [text, count] of counted)
      if (text.length <= LONGEST_KEPT) this.known.set(Buffer.from(text).toString(), count);
    return tokens;
  }

  onApplicationShutdown(): Promise<void> {
    return this.close();
  }
}
