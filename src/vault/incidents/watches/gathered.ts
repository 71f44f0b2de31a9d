/** The most that waits for one key; beyond it the oldest go. */
const MOST_WAITING = 10_000;

/**
 * Tells of the first thing at once, and of what follows during a pause together at its end, so that what goes on and on
 * is told in few pieces. What could not be told waits for the next end.
 */
export class Gathered<T> {
  private readonly pauses = new Map<string, { waiting: T[]; timer: NodeJS.Timeout }>();

  /**
   * @param pause in milliseconds
   * @param tell of one key
   * @param failed hears of an error of `tell`
   */
  constructor(
    private readonly pause: number,
    private readonly tell: (items: T[]) => Promise<void>,
    private readonly failed: (error: unknown) => void,
  ) {}

  async add(key: string, ...items: T[]): Promise<void> {
    const known = this.pauses.get(key);
    if (!known) return this.tellNow(key, items);
    known.waiting = [...known.waiting, ...items].slice(-MOST_WAITING);
  }

  /** Tells what waits, without waiting for the end of the pauses. */
  async flush(): Promise<void> {
    await Promise.all([...this.pauses.keys()].map(key => this.end(key)));
  }

  /** As `flush`; nothing is told afterwards. */
  async close(): Promise<void> {
    await this.flush();
    for (const { timer } of this.pauses.values()) clearTimeout(timer);
    this.pauses.clear();
  }

  private async end(key: string): Promise<void> {
    const { waiting = [], timer } = this.pauses.get(key) ?? {};
    clearTimeout(timer);
    this.pauses.delete(key);
    if (waiting.length > 0) await this.tellNow(key, waiting);
  }

  private async tellNow(key: string, items: T[]): Promise<void> {
    const pause = { waiting: [] as T[], timer: setTimeout(() => void this.end(key), this.pause).unref() };
    this.pauses.set(key, pause);
    try {
      await this.tell(items);
    } catch (error) {
      pause.waiting = [...items, ...pause.waiting].slice(-MOST_WAITING);
      this.failed(error);
    }
  }
}
