/** Who waits for a turn, and how many have one. */
interface Line {
  running: number;
  waiting: (() => void)[];
}

/** Work of each of many at a time: what one of them has in plenty keeps no other waiting. */
export class Turns {
  private readonly lines = new Map<string, Line>();

  /** @param most works of one under way */
  constructor(private readonly most: number) {}

  async take<T>(whose: string, work: () => Promise<T>): Promise<T> {
    const line = this.lines.get(whose) ?? { running: 0, waiting: [] };
    this.lines.set(whose, line);
    // Whoever ends hands its turn on.
    if (line.running < this.most) line.running++;
    else await new Promise<void>(resolve => line.waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = line.waiting.shift();
      if (next) next();
      else if (--line.running === 0) this.lines.delete(whose);
    }
  }
}
