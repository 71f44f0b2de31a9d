interface Pauses {
  /** From the first request on, in milliseconds. */
  pause: number;
  /** The pause doubles with each failure up to this; it stays as it is when absent. */
  longestPause?: number;
  /** Hears why it failed. */
  failed?: (error: unknown) => void;
}

/**
 * Does what was asked for once, after a pause, however often it was asked for meanwhile; never twice at a time. What
 * fails is done again after the next pause. Keeps no process alive.
 */
export class DelayedTask {
  private timer?: NodeJS.Timeout;
  private last: Promise<void> = Promise.resolve();
  private running = 0;
  private ended = false;
  private pause: number;

  /** @param task leaves what it could not do where it finds it again, and throws */
  constructor(
    private readonly task: () => Promise<void>,
    private readonly options: Pauses,
  ) {
    this.pause = options.pause;
  }

  /** Whether it is not being done, and did not fail the last time. */
  get isCalm(): boolean {
    return this.running === 0 && this.pause === this.options.pause;
  }

  /** After the pause. */
  soon(): void {
    if (this.ended) return;
    this.timer ??= setTimeout(() => void this.now(), this.pause).unref();
  }

  /** At once, behind what is being done; resolves when it was tried. */
  now(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.running++;
    return (this.last = this.last.then(() => this.attempt()));
  }

  /** Does what was asked for once more, and nothing from then on. */
  async end(): Promise<void> {
    if (this.timer || this.running > 0) await this.now();
    this.ended = true;
    clearTimeout(this.timer);
  }

  private async attempt(): Promise<void> {
    const { pause, longestPause = pause, failed } = this.options;
    try {
      await this.task();
      this.pause = pause;
    } catch (error) {
      failed?.(error);
      this.pause = Math.min(2 * this.pause, longestPause);
      this.soon();
    } finally {
      this.running--;
    }
  }
}
