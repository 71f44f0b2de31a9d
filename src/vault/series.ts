const REMEMBERED = 5000;

/** Different things that somebody did within a window, told once when there are `limit` of them; 0 = never. */
export class Series {
  private readonly recent = new Map<string, { at: number; id: string }[]>();

  /** @param window in milliseconds */
  constructor(
    private readonly limit: number,
    private readonly window: number,
  ) {}

  /** All of them, when these ids bring `who` to the limit; undefined otherwise. */
  add(who: string, ids: string[]): string[] | undefined {
    if (this.limit === 0 || ids.length === 0) return undefined;
    const at = Date.now();
    const known = (this.recent.get(who) ?? []).filter(one => one.at > at - this.window);
    const before = new Set(known.map(one => one.id)).size;
    const all = [...known, ...ids.map(id => ({ at, id }))].slice(-REMEMBERED);
    this.recent.set(who, all);
    const distinct = [...new Set(all.map(one => one.id))];
    return before < this.limit && distinct.length >= this.limit ? distinct : undefined;
  }
}
