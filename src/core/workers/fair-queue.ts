/** What waits, line by line: each line is served in its own order, and the lines in turn. */
export class FairQueue<T> {
  private readonly lines = new Map<string, T[]>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** How many wait in one line. */
  sizeOf(line: string): number {
    return this.lines.get(line)?.length ?? 0;
  }

  push(line: string, item: T): void {
    const known = this.lines.get(line);
    if (known) known.push(item);
    else this.lines.set(line, [item]);
    this.count++;
  }

  /** The next in turn; its line goes behind all others. */
  shift(): T | undefined {
    for (const [line, items] of this.lines) {
      const item = items.shift();
      this.lines.delete(line);
      if (items.length > 0) this.lines.set(line, items);
      this.count--;
      return item;
    }
    return undefined;
  }

  /** Takes out whoever does not wait any more. */
  remove(line: string, item: T): void {
    const items = this.lines.get(line);
    const place = items?.indexOf(item) ?? -1;
    if (!items || place < 0) return;
    items.splice(place, 1);
    this.count--;
    if (items.length === 0) this.lines.delete(line);
  }
}
