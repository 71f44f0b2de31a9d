const ROOT = 0;

/**
 * Finds many patterns in bytes that come one after the other, in time in proportion to their number however many patterns
 * there are (Aho and Corasick, 1975). A state says which beginnings of patterns the last bytes are.
 */
export class Automaton {
  /** By state: the first state behind it, the next one behind the same, and the byte that leads to it. */
  private readonly first: Int32Array;
  private readonly next: Int32Array;
  private readonly byte: Uint8Array;
  private readonly fail: Int32Array;
  private readonly fromRoot = new Int32Array(256);
  /** By state: how long the longest pattern is that ends here; 0 for none. */
  readonly ended: Int32Array;
  /** By state: how many of the last bytes may be the beginning of a pattern that is not whole yet. */
  readonly open: Int32Array;
  private states = 1;

  constructor(patterns: readonly Buffer[]) {
    const most = patterns.reduce((sum, one) => sum + one.length, 1);
    [this.first, this.next, this.fail] = [new Int32Array(most), new Int32Array(most), new Int32Array(most)];
    [this.ended, this.open, this.byte] = [new Int32Array(most), new Int32Array(most), new Uint8Array(most)];
    for (const pattern of patterns) this.add(pattern);
    this.link();
  }

  /** The state after one more byte. */
  step(from: number, byte: number): number {
    for (let state = from; state !== ROOT; state = this.fail[state] ?? ROOT) {
      const to = this.behind(state, byte);
      if (to !== ROOT) return to;
    }
    return this.fromRoot[byte] ?? ROOT;
  }

  private behind(state: number, byte: number): number {
    if (state === ROOT) return this.fromRoot[byte] ?? ROOT;
    let to = this.first[state] ?? ROOT;
    while (to !== ROOT && this.byte[to] !== byte) to = this.next[to] ?? ROOT;
    return to;
  }

  private add(pattern: Buffer): void {
    let state = ROOT;
    for (const byte of pattern) {
      const to = this.behind(state, byte);
      state = to === ROOT ? this.grow(state, byte) : to;
    }
    this.ended[state] = pattern.length;
  }

  private grow(state: number, byte: number): number {
    const made = this.states++;
    this.byte[made] = byte;
    if (state === ROOT) this.fromRoot[byte] = made;
    else {
      this.next[made] = this.first[state] ?? ROOT;
      this.first[state] = made;
    }
    return made;
  }

  /** Gives every state the one that is left when its next byte fits nothing; the shortest first. */
  private link(): void {
    const queue = new Int32Array(this.states);
    const depths = new Int32Array(this.states);
    let end = 0;
    for (const state of this.fromRoot) {
      if (state === ROOT) continue;
      depths[state] = 1;
      queue[end++] = state;
    }
    for (let at = 0; at < end; at++) {
      const state = queue[at] ?? ROOT;
      const [depth, fail] = [depths[state] ?? 0, this.fail[state] ?? ROOT];
      if (this.ended[state] === 0) this.ended[state] = this.ended[fail] ?? 0;
      const isLast = (this.first[state] ?? ROOT) === ROOT;
      this.open[state] = isLast ? (this.open[fail] ?? 0) : depth;
      for (let to = this.first[state] ?? ROOT; to !== ROOT; to = this.next[to] ?? ROOT) {
        this.fail[to] = this.step(fail, this.byte[to] ?? 0);
        depths[to] = depth + 1;
        queue[end++] = to;
      }
    }
  }
}
