interface Times {
  /** Milliseconds between two. */
  every: number;
  /** Milliseconds from the start to the first; as `every` when absent. */
  first?: number;
  /** Hears why one failed; the next comes all the same. */
  failed?: (error: unknown) => void;
}

/** Does the same again and again, never twice at a time: a time that comes while it is done is left out. Keeps no process alive. */
export class Periodic {
  private timer?: NodeJS.Timeout;
  private last: Promise<void> = Promise.resolve();
  private running = 0;
  private ended = false;

  constructor(
    private readonly task: () => Promise<unknown>,
    private readonly times: Times,
  ) {}

  /** What takes long looks here whether to leave the rest. */
  get hasEnded(): boolean {
    return this.ended;
  }

  /** From now on; nothing when it has begun, or ended. */
  start(): void {
    if (this.ended || this.timer) return;
    const { every, first = every } = this.times;
    this.timer = setTimeout(() => {
      this.timer = setInterval(() => this.tick(), every).unref();
      this.tick();
    }, first).unref();
  }

  /** Until the next start. */
  pause(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** At once, behind what is being done; resolves when it was tried. */
  now(): Promise<void> {
    this.running++;
    return (this.last = this.last.then(() => this.attempt()));
  }

  /** Never again; resolves when what is being done is over. */
  async end(): Promise<void> {
    this.ended = true;
    this.pause();
    await this.last;
  }

  private tick(): void {
    if (this.running === 0) void this.now();
  }

  private async attempt(): Promise<void> {
    try {
      if (!this.ended) await this.task();
    } catch (error) {
      this.times.failed?.(error);
    } finally {
      this.running--;
    }
  }
}
